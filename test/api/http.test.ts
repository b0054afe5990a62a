import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { openApi, post } from "./api-client.ts";

const json = { "content-type": "application/json" };

async function send(url: string, init: RequestInit): Promise<{ status: number; body: unknown; allow: string | null }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json(), allow: response.headers.get("allow") };
}

const refusedWith = (code: string, message: unknown) => ({ errors: [{ message, extensions: { code } }] });

describe("bodies", () => {
  test.each([
    ["malformed JSON", "{", 400, "BAD_REQUEST", expect.stringContaining("not JSON")],
    ["an empty body", "", 400, "BAD_REQUEST", expect.stringContaining("not JSON")],
    ["no query", "{}", 400, "BAD_REQUEST", "Must provide query string."],
    ["a query that is no text", '{"query": 3}', 400, "BAD_REQUEST", "Must provide query string."],
    [
      "variables that are no JSON",
      '{"query": "{hello}", "variables": "{"}',
      400,
      "BAD_REQUEST",
      "Variables are invalid JSON.",
    ],
    [
      "variables that are no object",
      '{"query": "{hello}", "variables": [1]}',
      400,
      "BAD_REQUEST",
      expect.stringContaining("object"),
    ],
  ])("%s", async (_, body, status, code, message) => {
    const { api } = await openApi();
    expect(await send(api.url, { method: "POST", headers: json, body })).toMatchObject({
      status,
      body: refusedWith(code, message),
    });
  });

  test.each([
    ["a syntax error", "{ hello", "GRAPHQL_PARSE_FAILED", "Syntax Error"],
    ["an unknown field", "{ nope }", "GRAPHQL_VALIDATION_FAILED", 'Cannot query field "nope"'],
    [
      "an operation of Prefect 0.7",
      "mutation { setFlowRunStates(input: {}) { states { id } } }",
      "GRAPHQL_VALIDATION_FAILED",
      "setFlowRunStates",
    ],
    [
      "a missing variable",
      "query($id: uuid!) { flow_run_by_pk(id: $id) { id } }",
      "BAD_USER_INPUT",
      '"$id" of required type',
    ],
    [
      "JSON in a document that is no text",
      'mutation { set_secret(input: { name: "a", value: {} }) { success } }',
      "GRAPHQL_VALIDATION_FAILED",
      "send it as a variable",
    ],
    ["a document deeper than any stack", `${"{a".repeat(200_000)}`, "GRAPHQL_PARSE_FAILED", "cannot be read"],
  ])("%s: 400, and nothing is executed", async (_, query, code, message) => {
    const { api } = await openApi();
    const { status, errors, data } = await post(api.url, query);
    expect([status, data, errors?.[0]?.extensions.code]).toEqual([400, undefined, code]);
    expect(errors?.[0]?.message).toContain(message);
  });

  test("variables may be an object, a string of JSON, or the string null", async () => {
    const { api } = await openApi();
    const id = api.tenantId;
    const query = "query($id: uuid) { tenant(where: { id: { _eq: $id } }) { id } }";
    for (const variables of [{ id }, JSON.stringify({ id })]) {
      const answer = await send(api.url, { method: "POST", headers: json, body: JSON.stringify({ query, variables }) });
      expect(answer).toMatchObject({ status: 200, body: { data: { tenant: [{ id }] } } });
    }
    for (const variables of ["null", "", null]) {
      const answer = await send(api.url, {
        method: "POST",
        headers: json,
        body: JSON.stringify({ query: "{hello}", variables }),
      });
      expect(answer).toMatchObject({ status: 200, body: { data: { hello: "👋" } } });
    }
  });

  test("of several operations in a document, the named one is executed", async () => {
    const { api } = await openApi();
    const query = "query A { hello } query B { secret_names }";
    const body = JSON.stringify({ query, operationName: "B" });
    const answer = await send(api.url, { method: "POST", headers: json, body });
    expect(answer.body).toEqual({ data: { secret_names: [] } });
  });

  test("a list of operations is answered with a list", async () => {
    const { api } = await openApi();
    const body = JSON.stringify([{ query: "{ hello }" }, { query: "{ secret_names }" }]);
    expect((await send(api.url, { method: "POST", headers: json, body })).body).toEqual([
      { data: { hello: "👋" } },
      { data: { secret_names: [] } },
    ]);
  });

  test("5 MB are taken, more are refused", async () => {
    const { api } = await openApi();
    const limit = 5 * 1024 * 1024;
    const frame = JSON.stringify({ query: "{ hello }", padding: "" }).length;
    const ofSize = (bytes: number) => JSON.stringify({ query: "{ hello }", padding: "x".repeat(bytes - frame) });
    expect((await send(api.url, { method: "POST", headers: json, body: ofSize(limit) })).status).toBe(200);
    expect(await send(api.url, { method: "POST", headers: json, body: ofSize(limit + 1) })).toMatchObject({
      status: 413,
      body: refusedWith("PAYLOAD_TOO_LARGE", expect.stringContaining("request entity too large")),
    });
  });

  test.each([
    ["a form, as a web page may post it anywhere", { "content-type": "text/plain" }, 400, "application/json"],
    ["a compressed body", { ...json, "content-encoding": "gzip" }, 415, '"gzip"'],
  ])("%s is refused", async (_, headers, status, message) => {
    const { api } = await openApi();
    const answer = await send(api.url, { method: "POST", headers, body: '{"query": "{hello}"}' });
    expect(answer).toMatchObject({ status, body: refusedWith("BAD_REQUEST", expect.stringContaining(message)) });
  });
});

describe("methods and paths", () => {
  const asQuery = (url: string, query: string) => `${url}/?query=${encodeURIComponent(query)}`;

  test("GET answers queries, for a person with a browser, and changes nothing", async () => {
    const { api } = await openApi();
    expect((await send(asQuery(api.url, "{ hello }"), {})).body).toEqual({ data: { hello: "👋" } });
    const create = `create_project(input: { tenant_id: "${api.tenantId}", name: "p" })`;
    const changes = [
      `mutation { ${create} { id } }`,
      `fragment F on project_id_payload { id } mutation M { ${create} { ...F } }`,
    ];
    for (const query of changes) {
      const { status, allow } = await send(asQuery(api.url, query), {});
      expect([status, allow]).toEqual([405, "POST"]);
    }
    expect((await send(api.url, {})).status).toBe(400);
    expect((await send(asQuery(api.url, "{ project { id } }"), {})).body).toEqual({ data: { project: [] } });
  });

  test("other methods and paths", async () => {
    const { api } = await openApi();
    const put = await send(api.url, { method: "PUT", headers: json, body: "{}" });
    expect([put.status, put.allow]).toEqual([405, "GET, POST"]);
    const missing = await send(`${api.url}/graphql/beta`, { method: "POST", headers: json, body: "{}" });
    expect(missing).toMatchObject({
      status: 404,
      body: refusedWith("NOT_FOUND", expect.stringContaining("/graphql/beta")),
    });
    expect((await post(`${api.url}/graphql`, "{ hello }")).data).toEqual({ hello: "👋" });
  });

  test("health needs no key", async () => {
    const { api } = await openApi({ key: "k" });
    const health = await send(`${api.url}/.well-known/apollo/server-health`, {});
    expect(health).toMatchObject({ status: 200, body: { status: "pass" } });
  });
});

describe("the key", () => {
  test.each([
    ["the key", { authorization: "Bearer the-key" }, 200, null],
    ["no header", {}, 401, "Unauthenticated"],
    ["another key", { authorization: "Bearer the-kex" }, 401, "Unauthenticated"],
    ["a header of another form", { authorization: "the-key" }, 401, "Malformed Authorization header"],
  ])("%s", async (_, headers, status, message) => {
    const { api } = await openApi({ key: "the-key" });
    const answer = await post(api.url, "{ hello }", null, headers);
    expect(answer.status).toBe(status);
    if (message === null) expect(answer.data).toEqual({ hello: "👋" });
    else
      expect(answer.errors).toEqual([
        { message: expect.stringContaining(message), extensions: { code: "UNAUTHENTICATED" } },
      ]);
  });

  test("without one, everybody is let in", async () => {
    const { api } = await openApi();
    expect((await post(api.url, "{ hello }", null, { authorization: "Bearer anything" })).status).toBe(200);
  });
});

describe("listening", () => {
  test("a port that is taken is said, with what to do", async () => {
    const { api } = await openApi();
    const port = Number(new URL(api.url).port);
    const error: unknown = await startApi({ port }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FlowRunnerError);
    expect(String(error)).toMatch(`port ${port}: something listens there already. Choose another --port`);
  });

  test("closing frees the port, and does not wait for idle or half-sent connections for ever", async () => {
    const api = await startApi();
    await post(api.url, "{ hello }");
    const port = Number(new URL(api.url).port);
    const half = connect(port, "127.0.0.1");
    onTestFinished(() => void half.destroy());
    half.on("error", () => undefined);
    half.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
    await new Promise((resolve) => half.once("connect", resolve));
    await api.close();
    const again = await startApi({ port });
    await again.close();
  });

  test("requests are counted", async () => {
    const { api } = await openApi();
    await post(api.url, "{ hello }");
    await post(api.url, "{ nope }");
    expect(api.requests()).toBe(2);
  });
});
