import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordApi, replayApi } from "../../../src/api/index.ts";
import type { ServedConversation } from "../../../src/api/recording/recording.ts";

/** Answers as the test says, by path, and keeps the headers that came. */
const answers = new Map<string, unknown>();
const came: Record<string, unknown>[] = [];
const real = createServer((request, response) => {
  came.push(request.headers);
  const bytes = gzipSync(JSON.stringify(answers.get(request.url ?? "") ?? {}));
  const headers = {
    "content-type": "application/json",
    "content-encoding": "gzip",
    "set-cookie": "session=cookie-of-the-answer",
  };
  request.resume().on("end", () => response.writeHead(200, headers).end(bytes));
});

let folder: string;
let file: string;
let proxy: ServedConversation;
beforeEach(async () => {
  await new Promise<void>((resolve) => real.listen(0, "127.0.0.1", resolve));
  folder = await mkdtemp(join(tmpdir(), "recording-"));
  file = join(folder, "run.jsonl");
  const upstream = `http://127.0.0.1:${(real.address() as AddressInfo).port}/api`;
  const place = { port: 0, host: "127.0.0.1", path: file };
  proxy = await recordApi({
    ...place,
    upstream,
    secrets: ["from-the-environment"],
    env: {},
    problem: expect.unreachable,
  });
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => real.close(resolve));
  await rm(folder, { recursive: true });
  answers.clear();
});

async function ask(
  path: string,
  body: unknown,
  answer: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  answers.set(`/api${path}`.replace(/\/$/, ""), answer);
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  return (await fetch(`${proxy.url}${path}`, init)).json();
}
const written = () => readFile(file, "utf8");

test("what is asked and answered goes on as it is, headers too; none of them is kept, nor shown where it is echoed", async () => {
  const key = {
    authorization: "Bearer pnu_0123456789",
    cookie: "sid=cookie-of-the-question",
    "prefect-csrf-token": "csrf-of-it",
  };
  const echo = {
    said: "pnu_0123456789, cookie-of-the-question, csrf-of-it and cookie-of-the-answer",
    from: "from-the-environment",
  };
  expect(await ask("/flow_runs/filter?limit=3", { limit: 3 }, echo, key)).toEqual(echo);
  expect(came.at(-1)).toMatchObject(key);
  const line = JSON.parse((await written()).split("\n")[1] ?? "");
  expect(line).toEqual({
    ...{ method: "POST", path: "/flow_runs/filter?limit=3" },
    request: { contentType: "application/json", body: { limit: 3 } },
    response: { status: 200, contentType: "application/json", body: { said: "***, ***, *** and ***", from: "***" } },
  });
});

test("a secret's value is gone wherever the API gives it away, however short, and from what was written before", async () => {
  await ask("/flow_runs/1/set_state", { message: "with hunter2-and-more" }, {});
  const block = await ask(
    "/block_documents/1?include_secrets=true",
    {},
    { name: "db", data: { value: "hunter2-and-more", pin: 12 } },
  );
  expect(block).toMatchObject({ data: { value: "hunter2-and-more" } });
  const variables = JSON.stringify({ input: { name: "PIN", value: "4321" } });
  await ask(
    "/",
    { query: "mutation($input: set_secret_input!) { set_secret(input: $input) { success } }", variables },
    {},
  );
  await ask("/", { query: 'query { s: secretValue(name: "N") }' }, { data: { s: 123_456_789 } });
  await ask("/flows", { count: 123_456_789, registry_password: "pw", secrets: ["NAMES"] }, { apiKey: "k2" });
  const text = await written();
  expect(text).toContain('"message":"with ***"');
  expect(text).toContain('"data":"***"');
  expect(text).toContain('{"name":"PIN","value":"***"}');
  expect(text).toContain('"data":{"s":"***"}');
  expect(text).toContain('{"count":"***","registry_password":"***","secrets":["NAMES"]}');
  for (const secret of ["hunter2", "4321", "123456789", '"pw"', '"k2"', '"pin"']) expect(text).not.toContain(secret);
});

test("it is gone as well where several operations come in one body", async () => {
  const set = "mutation($input: set_secret_input!) { set_secret(input: $input) { success } }";
  const operations = [
    { query: set, variables: JSON.stringify({ input: { name: "PIN", value: "4321" } }) },
    { query: 'query { s: secret_value(name: "N") }', variables: null },
  ];
  await ask("/", operations, [{ data: { set_secret: { success: true } } }, { data: { s: "hunter2-and-more" } }]);
  const text = await written();
  expect(text).toContain('{"name":"PIN","value":"***"}');
  expect(text).toContain('{"data":{"s":"***"}}');
  for (const secret of ["hunter2", "4321"]) expect(text).not.toContain(secret);
});

test("the user that the server's address names goes on with what brings no key, and is not kept", async () => {
  const upstream = `http://ann:pass-of-ann@127.0.0.1:${(real.address() as AddressInfo).port}/api`;
  const path = join(folder, "ann.jsonl");
  const own = await recordApi({ port: 0, host: "127.0.0.1", path, upstream, env: {}, problem: expect.unreachable });
  const credentials = Buffer.from("ann:pass-of-ann").toString("base64");
  await fetch(`${own.url}/health`);
  expect(came.at(-1)).toMatchObject({ authorization: `Basic ${credentials}` });
  await fetch(`${own.url}/health`, { headers: { authorization: "Bearer pnu_0123456789" } });
  expect(came.at(-1)).toMatchObject({ authorization: "Bearer pnu_0123456789" });
  await own.close();
  const text = await readFile(path, "utf8");
  for (const secret of ["pass-of-ann", credentials]) expect(text).not.toContain(secret);
});

test("WebSockets are refused, while a conversation is kept and while it is played", async () => {
  await ask("/flow_runs/filter", {}, []);
  const place = { port: 0, host: "127.0.0.1" };
  const player = await replayApi({ ...place, path: file, unmatched: expect.unreachable });
  for (const { url } of [proxy, player]) {
    const socket = new WebSocket(`${url.replace("http", "ws")}/events/out`);
    await new Promise((resolve) => socket.addEventListener("error", resolve));
  }
  await player.close();
});

test("a Secret block of Prefect 3 is played with *** for its value, where a client looks for one", async () => {
  const path = "/block_types/slug/secret/block_documents/name/pin?include_secrets=true";
  await ask(path, {}, { name: "pin", data: { value: { user: "ann", pin: 4321 } } });
  const player = await replayApi({ port: 0, host: "127.0.0.1", path: file, unmatched: expect.unreachable });
  const response = await fetch(`${player.url}${path}`, { method: "POST", body: "{}" });
  expect(await response.json()).toEqual({ name: "pin", data: { value: "***" } });
  await player.close();
});

test("where the server is gone the client is told so, and the recording holds it", async () => {
  real.closeAllConnections();
  await new Promise((resolve) => real.close(resolve));
  const response = await fetch(`${proxy.url}/health`);
  expect(response.status).toBe(502);
  expect(await written()).toContain('"status":502');
});
