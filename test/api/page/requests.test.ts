import { spawn } from "node:child_process";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { hasPast } from "../../../src/state/index.ts";
import { fromWire1x } from "../../../src/state/wire/index.ts";
import { main } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import {
  type ApiClient,
  createRun,
  flowForm,
  openApi,
  register,
  setFlowRunState,
  setTaskRunState,
  taskForm,
} from "../api-client.ts";

type Headers = Readonly<Record<string, string>>;
interface Sent {
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: string;
}

/** Sends what a browser would, with a Host of its own too, which `fetch` does not let one say. */
async function send(url: string, { method = "GET", headers = {}, body = "" }: Sent = {}) {
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    const sent = request(url, { method, headers }, resolve).on("error", reject);
    sent.end(body);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const json = { "content-type": "application/json" };
const byPage = { ...json, "x-flow-runner": "page" };
const query = (words: string): Sent => ({ method: "POST", headers: json, body: JSON.stringify({ query: words }) });

async function flowIn(client: ApiClient): Promise<string> {
  const parameters = [{ name: "n", slug: "n", required: true, default: null }];
  return (await register(client, flowForm("sums", [taskForm("a-1")], { parameters }))).flowId;
}

describe("the page's files", () => {
  test("are given to browsers, run no script but their own, and are framed by nobody", async () => {
    const { api } = await openApi({ key: "the-key" });
    const page = await send(api.url, { headers: { accept: "text/html,*/*" } });
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.body).not.toMatch(/<script[^>]*>[^<]/);
    const paths = [...page.body.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path);
    expect(paths).toEqual(["/page/main.css", "/page/main.js"]);
    for (const path of paths) expect(await send(`${api.url}${path}`)).toMatchObject({ status: 200 });
  });

  test("leave the API's own answers at / to programs", async () => {
    const { api } = await openApi();
    expect(await send(api.url)).toMatchObject({ status: 400, body: expect.stringContaining("Must provide query") });
    const asked = await send(`${api.url}/?query={hello}`, { headers: { accept: "text/html" } });
    expect(JSON.parse(asked.body)).toEqual({ data: { hello: "👋" } });
    expect(await send(`${api.url}/page/nothing`)).toMatchObject({ status: 404 });
  });
});

describe("what changes something", () => {
  test("is done for the page, and refused to a form of another page", async () => {
    const client = await openApi();
    const body = JSON.stringify({ flowId: await flowIn(client), name: "mine", parameters: { n: 1 } });
    const runs = `${client.api.url}/page/runs`;
    const refused = [json, { "x-flow-runner": "page" }, { "content-type": "text/plain", "x-flow-runner": "page" }];
    for (const headers of refused)
      expect(await send(runs, { method: "POST", headers, body })).toMatchObject({ status: 400 });
    expect(await client.send("{ flow_run { id } }")).toEqual({ flow_run: [] });
    const started = await send(runs, { method: "POST", headers: byPage, body });
    const { id } = JSON.parse(started.body);
    expect(await client.send("{ flow_run { id name parameters state } }")).toEqual({
      flow_run: [{ id, name: "mine", parameters: { n: 1 }, state: "Scheduled" }],
    });
  });

  test("sets a run back as `flow-runner retry` does: an artifact of a newer image may go on with it", async () => {
    const client = await openApi();
    const run = await createRun(client, await flowIn(client), { parameters: { n: 1 } });
    await setFlowRunState(client, run.flowRunId, { type: "Running" });
    await setTaskRunState(client, run.taskRuns["a-1"]?.id ?? "", { type: "Failed", message: "no luck" });
    await setFlowRunState(client, run.flowRunId, { type: "Failed" });
    const retried = await send(`${client.api.url}/page/runs/${run.flowRunId}/retry`, {
      ...{ method: "POST", headers: byPage, body: "{}" },
    });
    expect([retried.status, JSON.parse(retried.body)]).toEqual([
      200,
      { message: "The run is scheduled again: 1 task run runs again." },
    ]);
    const { task_run: taskRuns } = await client.send<{ task_run: { serialized_state: unknown }[] }>(
      "{ task_run { serialized_state } }",
    );
    const states = taskRuns.map((each) => fromWire1x(each.serialized_state));
    expect(states).toMatchObject([{ type: "Pending", message: "Retried by hand; it was Failed." }]);
    expect(states.every(hasPast)).toBe(true);
    expect(await client.send("{ flow_run { state state_message } }")).toEqual({
      flow_run: [{ state: "Scheduled", state_message: "Retried by hand: 1 task run runs again." }],
    });
  });

  test("is refused with the reason, and changes nothing then", async () => {
    const client = await openApi();
    const flowId = await flowIn(client);
    const { flowRunId } = await createRun(client, flowId, { parameters: { n: 1 } });
    const post = async (path: string, body: object) =>
      send(`${client.api.url}/page/${path}`, { method: "POST", headers: byPage, body: JSON.stringify(body) });
    const missing = await post("runs", { flowId, name: null, parameters: {} });
    expect([missing.status, JSON.parse(missing.body)]).toEqual([
      400,
      { error: "Required parameters were not supplied: {'n'}" },
    ]);
    expect(await post("runs", { flowId })).toMatchObject({ status: 400, body: expect.stringContaining("parameters") });
    expect(await post(`runs/${flowRunId}/retry`, {})).toMatchObject({
      status: 400,
      body: expect.stringContaining("Scheduled"),
    });
    expect(await client.send("{ flow_run { state } }")).toEqual({ flow_run: [{ state: "Scheduled" }] });
  });
});

test("the histories of many task runs are asked for at once, and not of too many", async () => {
  const client = await openApi();
  const { flowRunId, taskRuns } = await createRun(client, await flowIn(client), { parameters: { n: 1 } });
  await setFlowRunState(client, flowRunId, { type: "Running" });
  const id = taskRuns["a-1"]?.id ?? "";
  await setTaskRunState(client, id, { type: "Running" });
  const asked = (...ids: string[]) =>
    send(`${client.api.url}/page/task-runs?${ids.map((each) => `id=${each}`).join("&")}`);
  const { status, body } = await asked(id, "00000000-0000-4000-8000-000000000000");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    [id]: [
      { state: "Pending", time: expect.any(Number) },
      { state: "Running", time: expect.any(Number) },
    ],
  });
  for (const wrong of [[], ["a-1"], Array.from({ length: 101 }, () => id)]) {
    expect(await asked(...wrong)).toMatchObject({ status: 400, body: expect.stringContaining("100 of them") });
  }
});

describe("a page elsewhere", () => {
  test.each<[what: string, headers: (host: string) => Headers, status: number]>([
    ["a program", () => ({}), 200],
    ["the page itself", (host) => ({ origin: `http://${host}`, "sec-fetch-site": "same-origin" }), 200],
    ["a page of another origin", () => ({ origin: "https://example.com" }), 403],
    ["a page of no origin", () => ({ origin: "null" }), 403],
    ["a page at another port of this machine", () => ({ "sec-fetch-site": "same-site" }), 403],
    ["a page whose name leads here (DNS rebinding)", () => ({ host: "example.com:4200" }), 403],
    [
      "the same, of one origin with that name",
      () => ({ host: "example.com", origin: "http://example.com", "sec-fetch-site": "same-origin" }),
      403,
    ],
    ["a program that knows this machine by another name", () => ({ host: "host.docker.internal:4200" }), 200],
    ["a program that asks for localhost", () => ({ host: "localhost:4200" }), 200],
    ["a program that asks for IPv6", () => ({ host: "[::1]:4200" }), 200],
  ])("%s", async (_, headers, status) => {
    const { api } = await openApi();
    const its = headers(new URL(api.url).host);
    const change = query('mutation { set_secret(input: { name: "a", value: "1" }) { success } }');
    expect(await send(api.url, { ...change, headers: { ...json, ...its } })).toMatchObject({ status });
    const read = await send(`${api.url}/?query={secret_names}`, { headers: its });
    expect(read).toMatchObject(status === 200 ? { status, body: '{"data":{"secret_names":["a"]}}' } : { status });
    const page = await send(`${api.url}/page/flows`, { headers: its });
    expect(page.status).toBe(status);
    expect(page.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("may link to the page, and nothing else", async () => {
    const { api } = await openApi();
    const headers = { accept: "text/html", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect((await send(`${api.url}/`, { headers })).status).toBe(200);
    expect((await send(`${api.url}/page/flows`, { headers })).status).toBe(403);
    expect((await send(`${api.url}/?query={hello}`, { headers })).status).toBe(403);
  });
});

describe("the key", () => {
  test("is asked for what the page is told, and for what it changes", async () => {
    const { api } = await openApi({ key: "the-key" });
    for (const path of ["/page/runs", "/page/flows"]) {
      expect(await send(`${api.url}${path}`)).toMatchObject({ status: 401 });
    }
    const started = await send(`${api.url}/page/runs`, { method: "POST", headers: byPage, body: "{}" });
    expect(started.status).toBe(401);
    const authorization = "Bearer the-key";
    // Whoever has the key may call the API by any name.
    expect(
      await send(`${api.url}/page/flows`, { headers: { authorization, host: "flows.example.com" } }),
    ).toMatchObject({
      status: 200,
    });
  });

  test("is made up where others can reach the API, and none is given", async () => {
    const [api, open] = await Promise.all([startApi({ host: "0.0.0.0" }), startApi({ host: "0.0.0.0", key: null })]);
    onTestFinished(async () => void (await Promise.all([api.close(), open.close()])));
    expect(api.key).toMatch(/^[\w-]{24}$/);
    expect(open.key).toBeNull();
    const local = (url: string) => url.replace("0.0.0.0", "127.0.0.1");
    expect(await send(local(api.url), query("{ hello }"))).toMatchObject({ status: 401 });
    const headers = { ...json, authorization: `Bearer ${api.key}` };
    expect(await send(local(api.url), { ...query("{ hello }"), headers })).toMatchObject({ status: 200 });
    expect(await send(local(open.url), query("{ hello }"))).toMatchObject({ status: 200 });
    expect((await openApi()).api.key).toBeNull();
  });

  test("that was made up is printed, with the address at which the page takes it", async () => {
    const child = spawn(process.execPath, [main, "api", "--host", "0.0.0.0", "--port", "0"], { stdio: "pipe" });
    onTestFinished(() => void child.kill());
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    await eventually(() => expect(err).toMatch(/#key=[\w-]{24}\n$/));
    const [, key] = /^([\w-]{24})$/m.exec(err) ?? [];
    expect(err).toContain(`${out.trim()}/#key=${key}\n`);
    const headers = { ...json, authorization: `Bearer ${key}` };
    expect(await send(out.trim(), { ...query("{ hello }"), headers })).toMatchObject({ status: 200 });
  });
});
