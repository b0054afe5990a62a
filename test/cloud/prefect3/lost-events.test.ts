import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { openPrefect3Api } from "../../../src/cloud/prefect3/open-prefect3-api.ts";
import { makeState, type StateType } from "../../../src/state/index.ts";
import { graph, spec } from "../../graph/graphs.ts";
import { JumpingClock } from "../manual-clock.ts";
import { type Fate, ForgetfulServer } from "./forgetful-server.ts";
import { type Answer, serve } from "./scripted-server.ts";

/** A flow run of tasks `t-0`, `t-1`, … of which states are told, and a server with a fate of its own. */
async function flowRun(tasks: number, fate: Fate = {}) {
  const server = new ForgetfulServer(fate);
  const { url } = await serve(server.answer);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const options = { url, dialect: "3", key: null, tenantId: null, env: {}, clock: new JumpingClock(), warn } as const;
  const api = openPrefect3Api(options);
  onTestFinished(() => api.close());
  const info = await api.flowRunInfo("r-1");
  const slugs = Array.from({ length: tasks }, (_, at) => `t-${at}`);
  const runs = api.taskRunsOf(
    info,
    graph(
      slugs.map((slug) => spec(slug)),
      [],
    ),
  );
  const nothing = { flowRunId: "r-1", creations: [], taskStates: [], flowStates: [] };
  return {
    ...{ server, warnings, api },
    async tell(...states: readonly (readonly [task: number, type: StateType])[]) {
      const taskStates = states.map(([task, type]) => ({
        taskRunId: runs[task]?.id ?? "",
        state: makeState(type, "", type === "Success" ? { result } : {}),
        version: null,
      }));
      return (await api.submit({ ...nothing, taskStates })).taskStates;
    },
    /** Its end, and what the server has recorded of its task runs by and by. */
    async end() {
      const { flowStates } = await api.submit({
        ...nothing,
        flowStates: [{ state: makeState("Success", ""), version: null }],
      });
      server.record();
      const types = runs.map(({ id }) => server.recorded.get(id)?.state.type ?? null);
      return { ack: flowStates[0]?.status, types };
    },
  };
}

const result = { handler: { type: "LocalResultHandler" }, location: "/results/1" };
const wire: Partial<Record<StateType, string>> = { Running: "RUNNING", Success: "COMPLETED", Failed: "FAILED" };
const questions = ({ asked }: ForgetfulServer): readonly string[] =>
  asked.filter((path) => path === "/task_runs/filter");

describe("task runs of which a server of Prefect 3 had taken the states", () => {
  test("are recorded as they ended, however often it is started again before it has recorded them", async () => {
    const numbers = (most: number) => fc.uniqueArray(fc.nat(14), { maxLength: most });
    const told = fc.array(fc.tuple(fc.nat(3), fc.constantFrom<StateType>("Running", "Success", "Failed")), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(told, numbers(4), numbers(6), async (states, crashes, records) => {
        const run = await flowRun(4, { crashes, records });
        const last: (string | null)[] = [null, null, null, null];
        for (const [task, type] of states) {
          expect(await run.tell([task, type])).toEqual([{ status: "accepted" }]);
          last[task] = wire[type] ?? "";
        }
        expect(await run.end()).toEqual({ ack: "accepted", types: last });
      }),
      { numRuns: 60 },
    );
  });

  test("are told again once it is asked for the flow run, in events that it knows where it has them", async () => {
    // Two requests open the run: the first event is recorded, the second lost, and a look finds nobody.
    const run = await flowRun(2, { records: [3], crashes: [4] });
    await run.tell([0, "Success"]);
    await run.tell([1, "Failed"]);
    await run.api.flowRunState("r-1");
    expect(questions(run.server)).toHaveLength(1);
    expect(run.warnings.at(-1)).toBe("The API had not recorded the states of 1 task runs; they were told again.");
    expect((await run.end()).types).toEqual(["COMPLETED", "FAILED"]);
    expect(questions(run.server)).toHaveLength(1);
  });

  const busy: Answer = { status: 503, body: { exception_message: "Service Unavailable" } };
  test.each([
    ["nothing was amiss", []],
    ["its database was locked, and it wanted fewer requests", [busy, { status: 429 }, { status: 500, body: {} }]],
  ])("are not asked for where %s", async (_, answers) => {
    const instead = Object.fromEntries(answers.map((answer, at) => [2 + 2 * at, answer]));
    const run = await flowRun(3, { instead });
    for (const task of [0, 1, 2]) await run.tell([task, "Success"]);
    expect((await run.end()).types).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"]);
    expect(questions(run.server)).toEqual([]);
  });

  test("are told again by a flow run that is begun once more and keeps them", async () => {
    const run = await flowRun(2, { crashes: [4] });
    await run.tell([0, "Success"]);
    await run.tell([1, "Failed"]);
    run.api.prefect3?.startOver("r-1");
    await run.api.flowRunState("r-1");
    expect((await run.end()).types).toEqual(["COMPLETED", null]);
  });

  test("are left alone where it does not let them be looked for, and the run ends", async () => {
    const denied = { status: 404, body: { detail: "Not Found" } };
    const run = await flowRun(1, { crashes: [3], instead: { 5: denied } });
    await run.tell([0, "Success"]);
    await run.api.flowRunState("r-1");
    expect(run.warnings.at(-1)).toMatch(/could not be looked for: .*HTTP 404/s);
    expect((await run.end()).ack).toBe("accepted");
  });

  test("are asked for in as few questions as there can be", async () => {
    const run = await flowRun(1_000, { crashes: [7] });
    await run.tell(...Array.from({ length: 1_000 }, (_, task) => [task, "Success"] as const));
    await run.api.flowRunState("r-1");
    expect(questions(run.server)).toHaveLength(5);
    expect((await run.end()).types.every((type) => type === "COMPLETED")).toBe(true);
  });
});
