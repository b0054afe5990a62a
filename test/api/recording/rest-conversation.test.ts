import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../src/api/recording/file/exchange.ts";
import { RestConversation } from "../../../src/api/recording/play/rest/rest-conversation.ts";

type Asked = readonly [method: string, path: string, body?: unknown];

const exchange = ([method, path, sent = null]: Asked, body: unknown, status = 200): Exchange => ({
  ...{ method, path },
  request: { contentType: "application/json", body: sent },
  response: { status, contentType: "application/json", body },
});

function play(exchanges: readonly Exchange[]) {
  const unmatched: string[] = [];
  const conversation = new RestConversation(exchanges, (message) => unmatched.push(message));
  const ask = (...[method, path, body = null]: Asked) => {
    const answer = conversation.answer({ method, path, body });
    const text = String(answer.body);
    return {
      status: answer.status,
      body: typeof answer.body === "object" || text === "" ? answer.body : JSON.parse(text),
    };
  };
  return { ask, unmatched };
}

const event = (run: string, name: string) => ({
  id: crypto.randomUUID(),
  occurred: new Date().toISOString(),
  event: `prefect.task-run.${name}`,
  resource: { "prefect.resource.id": `prefect.task-run.${run}`, "prefect.resource.name": `${run}-0` },
});
const events = (...items: readonly (readonly [run: string, name: string])[]): Asked => [
  "POST",
  "/events",
  items.map(([run, name]) => event(run, name)),
];
const state = (type: string, mark: string = crypto.randomUUID()): Asked => [
  "POST",
  "/flow_runs/f/set_state",
  { state: { type, name: type, message: `at ${Math.random()}`, state_details: { transition_id: mark } }, force: false },
];
const poll: Asked = ["GET", "/flow_runs/f"];

describe("events of task runs", () => {
  test("are taken as they were, however their batches are cut", () => {
    const runs = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(runs, cuts, cuts, (ids, then, now) => {
        const items = ids.flatMap((id) => ["Running", "AwaitingRetry", "Completed"].map((name) => [id, name] as const));
        const batches = (sizes: readonly number[]) => {
          const rest = [...items];
          return sizes.flatMap((size) => (rest.length === 0 ? [] : [events(...rest.splice(0, size))]));
        };
        const { ask, unmatched } = play(batches(then).map((batch) => exchange(batch, null, 204)));
        for (const batch of batches(now)) expect(ask(...batch).status).toBe(204);
        expect(unmatched).toEqual([]);
      }),
    );
  });

  test("that only say that one has begun are taken where the recording has none, of its task runs", () => {
    const { ask, unmatched } = play([exchange(events(["a", "Completed"]), null, 204)]);
    expect(ask(...events(["a", "Running"], ["a", "Completed"])).status).toBe(204);
    expect(ask(...events(["b", "Running"])).status).toBe(400);
    expect(unmatched).toEqual([expect.stringContaining("prefect.task-run.Running of b-0, b.")]);
  });

  test("are refused by the one that it has no answer to; the others of its batch are taken when they come without it", () => {
    const { ask, unmatched } = play([exchange(events(["a", "Failed"], ["b", "Completed"]), null, 204)]);
    const refused = ask(...events(["a", "Completed"], ["b", "Completed"]));
    const message =
      "The recording holds no answer to POST /events: prefect.task-run.Completed of a-0, a. The nearest that it holds is POST /events: prefect.task-run.Failed of a-0, a";
    expect(refused).toEqual({ status: 400, body: { detail: message } });
    expect(ask(...events(["a", "Completed"])).status).toBe(400);
    expect(ask(...events(["b", "Completed"])).status).toBe(204);
    expect(unmatched).toEqual([message]);
  });

  test("that come once more are taken once more, where a connection broke; another one of the kind is not", () => {
    const [, , sent] = events(["a", "Completed"]);
    const { ask } = play([exchange(["POST", "/events", sent], null, 204)]);
    expect(ask("POST", "/events", sent).status).toBe(204);
    expect(ask("POST", "/events", sent).status).toBe(204);
    expect(ask(...events(["a", "Completed"]))).toMatchObject({
      body: { detail: expect.stringContaining("It was asked once then, and is asked once more now") },
    });
  });

  test("are not refused because the server was locked, or judged their batch, before it took them", () => {
    const [, , sent] = events(["a", "Completed"], ["b", "Completed"]);
    const [first, second] = sent as readonly unknown[];
    const { ask } = play([
      exchange(["POST", "/events", sent], "locked", 503),
      exchange(["POST", "/events", sent], { detail: "no" }, 422),
      exchange(["POST", "/events", [first]], null, 204),
      exchange(["POST", "/events", [second]], { detail: "b is odd" }, 422),
    ]);
    expect(ask(...events(["a", "Completed"], ["b", "Completed"])).status).toBe(422);
    expect(ask(...events(["a", "Completed"])).status).toBe(204);
    expect(ask(...events(["b", "Completed"]))).toEqual({ status: 422, body: { detail: "b is odd" } });
  });
});

describe("states of a flow run", () => {
  const held = (mark: string) => ({ state: { type: "RUNNING", state_details: { transition_id: mark } } });

  test("are known again by the process that proposes them, as its own", () => {
    const { ask } = play([exchange(state("RUNNING", "then"), { status: "ACCEPT" }, 201), exchange(poll, held("then"))]);
    expect(ask(...state("RUNNING", "now"))).toEqual({ status: 201, body: { status: "ACCEPT" } });
    expect(ask(...poll).body).toEqual(held("now"));
  });

  test("that went twice, since the answer to the first was lost, are answered once", () => {
    const { ask, unmatched } = play([
      exchange(state("RUNNING", "then"), { status: "ACCEPT" }, 201),
      exchange(state("RUNNING", "then"), { status: "REJECT" }),
      exchange(state("RUNNING", "later"), { status: "ABORT" }),
    ]);
    expect(ask(...state("RUNNING")).body).toEqual({ status: "ACCEPT" });
    expect(ask(...state("RUNNING")).body).toEqual({ status: "ABORT" });
    expect(ask(...state("RUNNING")).status).toBe(400);
    expect(unmatched).toEqual([
      expect.stringMatching(/no answer to POST \/flow_runs\/f\/set_state: RUNNING.*asked 2 times then/),
    ]);
  });

  test("lead to the answers to questions that came after them", () => {
    const { ask } = play([
      exchange(poll, { n: 1 }),
      exchange(state("RUNNING"), {}),
      exchange(poll, { n: 2 }),
      exchange(poll, { n: 3 }),
      exchange(events(["a", "Completed"]), null, 204),
      exchange(poll, { n: 4 }),
    ]);
    const n = () => (ask(...poll).body as { n: number }).n;
    expect([n(), n()]).toEqual([1, 1]);
    ask(...state("RUNNING"));
    expect([n(), n(), n()]).toEqual([2, 3, 3]);
    ask(...events(["a", "Completed"]));
    expect(n()).toBe(4);
  });
});

test("an API's address may end in /api in the recording, in the replay, or in both", () => {
  const cloud = "/api/accounts/a/workspaces/w";
  for (const then of ["", "/api", cloud])
    for (const now of ["", "/api", cloud]) {
      const { ask } = play([exchange(["GET", `${then}/flow_runs/f`], { n: 1 })]);
      expect(ask("GET", `${now}/flow_runs/f`)).toEqual({ status: 200, body: { n: 1 } });
    }
});

test("a question is the same at another time; the answer to the very same one is its own", () => {
  const lines = (after: string): Asked => ["POST", "/logs/filter", { logs: { timestamp: { after_: after } } }];
  const [first, second] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
  const { ask } = play([exchange(lines(first), [1]), exchange(lines(second), [2])]);
  expect(ask(...lines(second)).body).toEqual([2]);
  expect(ask(...lines(first)).body).toEqual([1]);
  expect(ask(...lines("2027-07-07T07:07:07.7+00:00")).status).toBe(200);
});

test("log lines, heartbeats and renewals are taken, also those that were never recorded", () => {
  const { ask, unmatched } = play([exchange(poll, {})]);
  const heartbeat = { event: "prefect.flow-run.heartbeat", resource: {} };
  expect(ask("POST", "/logs/", [{ message: "hello" }]).status).toBe(204);
  expect(ask("POST", "/events", [heartbeat]).status).toBe(204);
  expect(ask("POST", "/v2/concurrency_limits/leases/l/renew", { lease_duration: 60 }).status).toBe(204);
  expect(unmatched).toEqual([]);
});

test("JSON that is no object is played as it came", () => {
  const { ask } = play([exchange(["GET", "/admin/version"], "3.8.8"), exchange(["GET", "/health"], true)]);
  expect(ask("GET", "/admin/version").body).toBe("3.8.8");
  expect(ask("GET", "/health").body).toBe(true);
});
