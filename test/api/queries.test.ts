import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../src/api/index.ts";
import {
  type ApiClient,
  clientOf,
  createRun,
  flowForm,
  openApi,
  register,
  runningRun,
  setFlowRunState,
  setTaskRunState,
  taskForm,
} from "./api-client.ts";

/** Five children of `a-1`, of which 0 to 2 have succeeded, with their names; 3 and 4 have no name. */
async function mappedRun(client: ApiClient): Promise<string> {
  const { flowId } = await register(client, flowForm("f", [taskForm("a-1")]));
  const { flowRunId, taskRuns } = await createRun(client, flowId);
  const task_id = taskRuns["a-1"]?.taskId;
  for (let map_index = 0; map_index < 5; map_index += 1) {
    const input = { flow_run_id: flowRunId, task_id, map_index };
    const { id } = await client.mutate<{ id: string }>("get_or_create_task_run", input);
    if (map_index > 2) continue;
    await client.mutate("set_task_run_name", { task_run_id: id, name: `n${map_index}` }, "{ success }");
    await setTaskRunState(client, id, { type: "Success", message: "done" });
  }
  return flowRunId;
}

describe("where", () => {
  let client: ApiClient;
  beforeAll(async () => {
    const api = await startApi();
    client = clientOf(api);
    await mappedRun(client);
    return () => api.close();
  });
  const indexes = async (where: string): Promise<number[]> => {
    const data = await client.send<{ task_run: { map_index: number }[] }>(
      `{ task_run(where: ${where}) { map_index } }`,
    );
    return data.task_run.map((row) => row.map_index);
  };

  test.each([
    ["{}", [-1, 0, 1, 2, 3, 4]],
    ["{ map_index: { _eq: -1 } }", [-1]],
    ["{ map_index: { _neq: -1 } }", [0, 1, 2, 3, 4]],
    ["{ map_index: { _gt: 2 } }", [3, 4]],
    ["{ map_index: { _gte: 1, _lt: 3 } }", [1, 2]],
    ["{ map_index: { _lte: 0 } }", [-1, 0]],
    ["{ map_index: { _in: [4, 0, 9] } }", [0, 4]],
    ["{ map_index: { _nin: [0, 1, 2] } }", [-1, 3, 4]],
    ["{ map_index: { _in: [] } }", []],
    ["{ name: { _is_null: true } }", [-1, 3, 4]],
    ["{ name: { _is_null: false } }", [0, 1, 2]],
    ['{ name: { _neq: "n1" } }', [0, 2]],
    ["{ name: { _eq: null } }", [-1, 0, 1, 2, 3, 4]],
    ["{ name: { _in: null }, map_index: { _lt: 1 } }", [-1, 0]],
    ["{ _not: { name: { _eq: null } } }", [-1, 0, 1, 2, 3, 4]],
    ["{ _or: [{ name: { _eq: null } }, { map_index: { _eq: 4 } }] }", [4]],
    ["{ _or: [{ name: { _eq: null } }] }", [-1, 0, 1, 2, 3, 4]],
    ["{ _or: [{}, { map_index: { _eq: 4 } }] }", [-1, 0, 1, 2, 3, 4]],
    ["{ task: { slug: { _eq: null } }, map_index: { _gt: 3 } }", [4]],
    ['{ _or: [{ name: { _eq: "n1" } }, { map_index: { _eq: 4 } }] }', [1, 4]],
    ["{ _or: [] }", []],
    ['{ _and: [{ state: { _eq: "Success" } }, { map_index: { _gt: 0 } }] }', [1, 2]],
    ['{ _and: { state: { _eq: "Success" } } }', [0, 1, 2]],
    ['{ _not: { state: { _eq: "Success" } } }', [-1, 3, 4]],
    ['{ task: { slug: { _eq: "a-1" } }, map_index: { _lt: 1 } }', [-1, 0]],
    ['{ task: { slug: { _eq: "b-1" } } }', []],
    ["{ flow_run: { flow: { project: { name: { _is_null: false } } } }, map_index: { _eq: 3 } }", [3]],
    ['{ states: { message: { _eq: "done" } } }', [0, 1, 2]],
    ['{ state_timestamp: { _gte: "2000-01-01" }, map_index: { _eq: 0 } }', [0]],
    ['{ state_timestamp: { _gt: "2999-01-01T00:00:00+05:00" } }', []],
  ])("%s", async (where, expected) => {
    expect(await indexes(where)).toEqual(expected);
  });

  test("any combination of conditions finds what the same combination of predicates finds", async () => {
    const leaf = fc
      .tuple(fc.constantFrom("_eq", "_neq", "_gt", "_gte", "_lt", "_lte"), fc.integer({ min: -2, max: 6 }))
      .map(([operator, operand]) => ({ map_index: { [operator]: operand } }));
    const { tree } = fc.letrec<{ tree: object }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }).map((_and) => ({ _and })),
        fc.array(tie("tree"), { maxLength: 3 }).map((_or) => ({ _or })),
        tie("tree").map((_not) => ({ _not })),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (where) => {
        const query = "query($where: task_run_bool_exp) { task_run(where: $where) { map_index } }";
        const { task_run } = await client.send(query, { where });
        const expected = [-1, 0, 1, 2, 3, 4].filter((index) => holds(where, index));
        expect(task_run).toEqual(expected.map((map_index) => ({ map_index })));
      }),
      { numRuns: 60 },
    );
  });

  test("what this API does not know is refused by name", async () => {
    const messageOf = async (where: string) =>
      (await client.ask(`{ task_run(where: ${where}) { id } }`)).errors?.[0]?.message;
    expect(await messageOf('{ name: { _like: "n%" } }')).toContain('Field "_like" is not defined');
    expect(await messageOf("{ colour: { _eq: 1 } }")).toContain('Field "colour" is not defined');
    expect(await messageOf('{ id: { _eq: "fr-1" } }')).toContain("Could not parse UUID: fr-1");
    expect(await messageOf('{ state_timestamp: { _gt: "soon" } }')).toContain("Could not parse DateTime");
  });
});

/** The meaning of a `where` over one number, said in another way than in SQL. */
function holds(where: object, index: number): boolean {
  return Object.entries(where).every(([key, value]) => {
    if (key === "_and") return value.every((each: object) => holds(each, index));
    if (key === "_or") return value.some((each: object) => holds(each, index));
    if (key === "_not") return !holds(value, index);
    const [[operator, operand]] = Object.entries<number>(value) as [[string, number]];
    const sign = Math.sign(index - operand);
    return { _eq: [0], _neq: [-1, 1], _gt: [1], _gte: [0, 1], _lt: [-1], _lte: [-1, 0] }[operator]?.includes(sign);
  });
}

describe("order_by, limit, offset", () => {
  test("by columns, with nulls where Postgres has them; without an order, as they were made", async () => {
    const client = await openApi();
    await mappedRun(client);
    const indexes = async (args: string) => {
      const data = await client.send<{ task_run: { map_index: number }[] }>(`{ task_run(${args}) { map_index } }`);
      return data.task_run.map((row) => row.map_index);
    };
    expect(await indexes("limit: 2, offset: 1")).toEqual([0, 1]);
    expect(await indexes("order_by: { map_index: desc }")).toEqual([4, 3, 2, 1, 0, -1]);
    expect(await indexes("order_by: [{ name: asc }, { map_index: desc }]")).toEqual([0, 1, 2, 4, 3, -1]);
    expect(await indexes("order_by: { name: desc }, limit: 4")).toEqual([-1, 3, 4, 2]);
    expect(await indexes("order_by: { name: desc_nulls_last }, limit: 1")).toEqual([2]);
    expect((await client.ask("{ task_run(limit: -1) { id } }")).errors?.[0]?.message).toContain("negative");
  });
});

describe("distinct_on and aggregates", () => {
  test("of each flow its newest version, as `prefect get flows` asks; and how many there are", async () => {
    const client = await openApi();
    const { projectId } = await register(client, flowForm("b", []));
    for (const name of ["a", "b", "a"]) await register(client, flowForm(name, []), projectId);
    const { flow, flow_aggregate, project } = await client.send(
      `{
        flow(order_by: { name: asc, version: desc }, distinct_on: name, limit: 10) { name version }
        flow_aggregate(where: { name: { _eq: "a" } }) { aggregate { count } }
        project { flows_aggregate(distinct_on: name) { aggregate { count } } flows(distinct_on: [name, version], limit: 3) { name } }
      }`,
    );
    expect(flow).toEqual([
      { name: "a", version: 2 },
      { name: "b", version: 2 },
    ]);
    expect(flow_aggregate).toEqual({ aggregate: { count: 2 } });
    expect(project).toEqual([
      { flows_aggregate: { aggregate: { count: 2 } }, flows: [{ name: "b" }, { name: "a" }, { name: "b" }] },
    ]);
    expect((await client.ask("{ flow_aggregate(limit: -1) { aggregate { count } } }")).errors?.[0]?.message).toContain(
      "negative",
    );
  });
});

test("how long a run took, as Postgres writes it; null while it is not over", async () => {
  let now = Date.UTC(2020, 0, 1);
  const client = await openApi({ now: () => now });
  const { flowRunId } = await runningRun(client);
  const duration = async () =>
    (await client.send<{ flow_run: object[] }>("{ flow_run(order_by: { duration: asc }) { duration } }")).flow_run;
  expect(await duration()).toEqual([{ duration: null }]);
  now += 26 * 3_600_000 + 3 * 60_000 + 4_050;
  await setFlowRunState(client, flowRunId, { type: "Success" });
  expect(await duration()).toEqual([{ duration: "26:03:04.050" }]);
});

describe("relations", () => {
  test("the request with which Prefect 1.4.1 starts a run", async () => {
    const client = await openApi();
    const id = await mappedRun(client);
    const { flow_run_by_pk } = await client.send(`query {
      flow_run_by_pk(id: "${id}") {
        id name flow_id parameters context version scheduled_start_time serialized_state
        task_runs(where: { map_index: { _eq: -1 } }) { id task { id slug } version serialized_state }
        flow { project { name id } settings }
      }
    }`);
    expect(flow_run_by_pk).toMatchObject({
      ...{ id, version: 1, parameters: {}, context: {}, serialized_state: { type: "Scheduled" } },
      task_runs: [{ task: { slug: "a-1" }, version: 0, serialized_state: { type: "Pending" } }],
      flow: { project: { name: expect.any(String) }, settings: { heartbeat_enabled: true } },
    });
  });

  test("fragments and aliases select what they say", async () => {
    const client = await openApi();
    await mappedRun(client);
    const data = await client.send(`
      query { first: task_run(limit: 1) { ...Run again: version ... on task_run { task { slug } } } }
      fragment Run on task_run { state at: map_index }
    `);
    expect(data).toEqual({ first: [{ state: "Pending", at: -1, again: 0, task: { slug: "a-1" } }] });
  });

  test("states and logs of a run, for a person who asks", async () => {
    const client = await openApi();
    const id = await mappedRun(client);
    const log = (message: string, timestamp: string) => ({ flow_run_id: id, level: "INFO", message, timestamp });
    const logs = [log("second", "2020-01-02T00:00:00.000002Z"), log("first", "2020-01-02T00:00:00.000001Z")];
    await client.mutate("write_run_logs", { logs }, "{ success }");
    expect(
      await client.send(
        "{ flow_run { states { version state } logs(order_by: { timestamp: asc }) { message level } } }",
      ),
    ).toEqual({
      flow_run: [
        {
          states: [{ version: 1, state: "Scheduled" }],
          logs: [
            { message: "first", level: "INFO" },
            { message: "second", level: "INFO" },
          ],
        },
      ],
    });
  });

  test("a query may nest seven deep and no deeper", async () => {
    const client = await openApi();
    const nested = (levels: number): string =>
      levels === 0
        ? "id"
        : levels % 2 === 0
          ? `tenant { ${nested(levels - 1)} }`
          : `projects { ${nested(levels - 1)} }`;
    expect((await client.ask(`{ tenant { ${nested(6)} } }`)).errors?.[0]?.message ?? "").not.toContain("depth");
    expect((await client.ask(`{ tenant { ${nested(7)} } }`)).errors?.[0]?.message).toBe(
      "'' exceeds maximum operation depth of 7",
    );
  });
});

test("an unknown id is null, not an error", async () => {
  const client = await openApi();
  const data = await client.send(`{ flow_run_by_pk(id: "${crypto.randomUUID()}") { id flow { name } } }`);
  expect(data).toEqual({ flow_run_by_pk: null });
});
