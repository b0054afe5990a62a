import { expect, onTestFinished, test } from "vitest";
import { inMemory, openDatabase } from "../../src/api/database/open.ts";
import { openSecretBox } from "../../src/api/database/secret-box.ts";
import { Documents } from "../../src/api/http/documents.ts";
import { executeOperation } from "../../src/api/http/execute.ts";
import type { RequestContext } from "../../src/api/mutations/context.ts";
import { operationResolvers } from "../../src/api/mutations/index.ts";
import { withEntityQueries } from "../../src/api/query/resolvers.ts";
import { buildApiSchema } from "../../src/api/schema/build.ts";

test("a disk that is full in the midst of a request: HTTP 500 with API_ERROR, and nothing of it stays", () => {
  const database = openDatabase(inMemory);
  onTestFinished(() => database.close());
  const documents = new Documents(buildApiSchema(withEntityQueries(operationResolvers)));
  const context: RequestContext = {
    ...{ database, secrets: openSecretBox(inMemory), tenantId: crypto.randomUUID(), agentId: null, version: "0" },
    ...{ dialect: "1.x", key: null, now: Date.now, lookAgain: new Map() },
  };
  const send = (query: string) =>
    executeOperation(documents, { query, variables: null, operationName: null, readOnly: false }, context);
  const set = (name: string, length: number) =>
    `${name}: set_secret(input: { name: "${name}", value: ${JSON.stringify(JSON.stringify("x".repeat(length)))} }) { success }`;

  expect(send(`mutation { ${set("before", 10)} }`).status).toBe(200);
  const pages = Number(database.first("PRAGMA page_count")?.page_count);
  database.first(`PRAGMA max_page_count = ${pages + 4}`);

  const answer = send(`mutation { ${set("small", 10)} ${set("large", 100_000)} ${set("after", 10)} }`);
  expect(answer).toMatchObject({ status: 500, body: { errors: [{ extensions: { code: "API_ERROR" } }] } });
  expect(JSON.stringify(answer.body)).toContain("full");
  // The API goes on, and what was there is still there.
  expect(send("{ secret_names }").body).toEqual({ data: { secret_names: ["before"] } });
  expect(send(`mutation { ${set("later", 10)} }`).status).toBe(200);
});
