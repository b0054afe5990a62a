import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../src/api/recording/file/exchange.ts";
import { GraphqlConversation } from "../../../src/api/recording/play/graphql/graphql-conversation.ts";

const exchange = (query: string, body: unknown, variables: unknown = null, status = 200): Exchange => ({
  ...{ method: "POST", path: "/" },
  request: { contentType: "application/json", body: { query, variables } },
  response: { status, contentType: "application/json", body },
});

const setter =
  "mutation($s: set_task_run_states_input!) { s: set_task_run_states(input: $s) { states { id status } } }";
const list = (items: readonly (readonly [run: string, type: string])[]) => ({
  s: { states: items.map(([task_run_id, type]) => ({ task_run_id, state: { type, message: `at ${Math.random()}` } })) },
});
const set = (items: readonly (readonly [run: string, type: string])[]): Exchange =>
  exchange(
    setter,
    { data: { s: { states: items.map(([id, type]) => ({ id, status: `${id} ${type}` })) } } },
    list(items),
  );

const poll = 'query { flow_run_by_pk(id: "f") { id version } }';
const polled = (version: number): Exchange => exchange(poll, { data: { flow_run_by_pk: { id: "f", version } } });

function play(exchanges: readonly Exchange[]) {
  const unmatched: string[] = [];
  const conversation = new GraphqlConversation(exchanges, (message) => unmatched.push(message));
  const ask = (query: string, variables: Record<string, unknown> | null = null) =>
    conversation.answer({ query, variables, operationName: null, readOnly: false });
  return {
    ask,
    unmatched,
    version: () => (ask(poll).body as { data: { flow_run_by_pk: { version: number } } }).data.flow_run_by_pk.version,
  };
}

describe("states", () => {
  test("have the answers of the same run's states of that type, however the lists are cut", () => {
    const runs = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(runs, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 20, maxLength: 20 }), (ids, cuts) => {
        const items = ids.flatMap((id) => ["Running", "Success"].map((type) => [id, type] as const));
        const { ask, unmatched } = play([set(items.slice(0, 3)), set(items.slice(3))]);
        const given: unknown[] = [];
        for (let at = 0, cut = 0; at < items.length; at += cuts[cut++] ?? 1) {
          const { body } = ask(setter, list(items.slice(at, at + (cuts[cut] ?? 1))));
          given.push(...(body as { data: { s: { states: unknown[] } } }).data.s.states);
        }
        expect(given).toEqual(items.map(([id, type]) => ({ id, status: `${id} ${type}` })));
        expect(unmatched).toEqual([]);
      }),
    );
  });

  test("have none of a type once more than then, and the others of their list have theirs afterwards", () => {
    const { ask, unmatched } = play([set([["a", "Running"]]), set([["b", "Running"]])]);
    ask(setter, list([["a", "Running"]]));
    const both = list([
      ["a", "Running"],
      ["b", "Running"],
    ]);
    expect(ask(setter, both).body).toMatchObject({ data: { s: null }, errors: [{ path: ["s"] }] });
    expect(unmatched).toEqual([expect.stringContaining("It was asked once then, and is asked once more now")]);
    expect(ask(setter, list([["b", "Running"]])).body).toEqual({
      data: { s: { states: [{ id: "b", status: "b Running" }] } },
    });
  });

  test("are not refused because a list was refused, or a server was down, before they were taken", () => {
    const items = [
      ["a", "Running"],
      ["b", "Running"],
    ] as const;
    const down = exchange(setter, "Bad Gateway", list(items), 502);
    const refused = exchange(setter, { data: { s: null }, errors: [{ message: "no", path: ["s"] }] }, list(items));
    const alone = exchange(
      setter,
      { data: { s: null }, errors: [{ message: "b is odd", path: ["s"] }] },
      list([items[1]]),
    );
    const { ask } = play([down, refused, set([items[0]]), alone]);
    expect(ask(setter, list([items[0]])).body).toEqual({ data: { s: { states: [{ id: "a", status: "a Running" }] } } });
    expect(ask(setter, list([items[1]])).body).toMatchObject({ errors: [{ message: "b is odd" }] });
  });

  test("fail for ever where the server did", () => {
    const { ask } = play([exchange(setter, "Bad Gateway", list([["a", "Running"]]), 502)]);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(ask(setter, list([["a", "Running"]]))).toMatchObject({ status: 502, body: "Bad Gateway" });
    }
  });
});

test("a process that plays the run knows its Running as its own, where the recording has the one of then", () => {
  const running = (runner_id: string) => ({
    s: { states: [{ flow_run_id: "f", state: { type: "Running", context: { runner_id } } }] },
  });
  const set = "mutation($s: set_flow_run_states_input!) { s: set_flow_run_states(input: $s) { states { id } } }";
  const read = 'query { flow_run_by_pk(id: "f") { serialized_state } }';
  const held = (runner_id: string) => ({ data: { flow_run_by_pk: { serialized_state: { context: { runner_id } } } } });
  const { ask } = play([
    exchange(set, { data: { s: { states: [{ id: "f" }] } } }, running("then")),
    exchange(read, held("then")),
  ]);
  ask(set, running("now"));
  expect(ask(read).body).toEqual(held("now"));
});

describe("questions", () => {
  test("have the last answer up to the change that has been reached", () => {
    const { ask, version } = play([
      polled(1),
      set([["a", "Running"]]),
      polled(2),
      polled(3),
      set([["a", "Success"]]),
      polled(4),
    ]);
    expect([version(), version(), version()]).toEqual([1, 1, 1]);
    ask(setter, list([["a", "Running"]]));
    expect([version(), version(), version()]).toEqual([2, 3, 3]);
    ask(setter, list([["a", "Success"]]));
    expect([version(), version()]).toEqual([4, 4]);
  });

  test("about runs by their ids are answered run by run", () => {
    const rows = (ids: readonly string[]) =>
      `query { runs: task_run(where: { id: { _in: ${JSON.stringify(ids)} } }) { id version } }`;
    const { ask } = play([
      exchange(rows(["a", "b"]), {
        data: {
          runs: [
            { id: "b", version: 2 },
            { id: "a", version: 1 },
          ],
        },
      }),
    ]);
    expect(ask(rows(["a"])).body).toEqual({ data: { runs: [{ id: "a", version: 1 }] } });
    expect(ask(rows(["b", "a"])).body).toEqual({
      data: {
        runs: [
          { id: "b", version: 2 },
          { id: "a", version: 1 },
        ],
      },
    });
  });

  test("are the same at another time, and under another name", () => {
    const since = (alias: string, time: string) =>
      `query { ${alias}: task_run(where: { end_time: { _gte: "${time}" } }) { id } }`;
    const { ask } = play([exchange(since("q0", "2026-01-01T00:00:00+00:00"), { data: { q0: [{ id: "a" }] } })]);
    expect(ask(since("q7", "2026-02-02T02:02:02.5Z")).body).toEqual({ data: { q7: [{ id: "a" }] } });
  });
});

test("heartbeats and logs are acknowledged, also those that were never recorded", () => {
  const { ask, unmatched } = play([]);
  const beat =
    'mutation { update_flow_run_heartbeat(input: { flow_run_id: "f" }) { success } writeRunLogs(input: {}) { success error } }';
  expect(ask(beat).body).toEqual({
    data: { update_flow_run_heartbeat: { success: true }, writeRunLogs: { success: true, error: null } },
  });
  expect(unmatched).toEqual([]);
});
