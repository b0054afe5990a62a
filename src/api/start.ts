import { toWireTime } from "../state/index.ts";
import type { Api, ApiOptions } from "./api.ts";
import type { Database } from "./database/database.ts";
import { inMemory, openDatabase } from "./database/open.ts";
import { openSecretBox } from "./database/secret-box.ts";
import { Documents } from "./http/documents.ts";
import { executeOperation } from "./http/execute.ts";
import { serve } from "./http/server.ts";
import { newId } from "./mutations/context.ts";
import { operationResolvers } from "./mutations/index.ts";
import { entityResolvers } from "./query/resolvers.ts";
import { buildApiSchema } from "./schema/build.ts";

/** Opens the file, builds the schema, listens. See `startApi`. */
export async function start(options: ApiOptions): Promise<Api> {
  const { port = 0, host = "127.0.0.1", data = inMemory, key = null, version = "0", now = Date.now } = options;
  const database = openDatabase(data);
  try {
    const tenantId = database.transaction(() => tenantOf(database, toWireTime(now())));
    const schema = buildApiSchema(mergeTypes());
    const documents = new Documents(schema);
    const shared = { database, secrets: openSecretBox(data), tenantId, version, now };
    const server = await serve({
      ...{ port, host, key },
      execute: (operation, agentId) => executeOperation(schema, documents, operation, { ...shared, agentId }),
    });
    const close = async (): Promise<void> => {
      await server.close();
      database.close();
    };
    return { url: server.url, tenantId, requests: server.requests, close };
  } catch (error) {
    database.close();
    throw error;
  }
}

function mergeTypes() {
  const entities = entityResolvers();
  return { ...entities, ...operationResolvers, Query: { ...entities.Query, ...operationResolvers.Query } };
}

/** Each file has one tenant, made with it: Prefect 1.x's clients ask for its id and send it back. */
function tenantOf(database: Database, time: string): string {
  const found = database.first("SELECT id FROM tenant LIMIT 1");
  if (found !== undefined) return String(found.id);
  const id = newId();
  database.run(
    "INSERT INTO tenant (id, name, slug, created, updated) VALUES (?, 'default', 'default', ?, ?)",
    id,
    time,
    time,
  );
  return id;
}
