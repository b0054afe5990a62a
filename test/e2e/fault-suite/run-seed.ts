import { inspect, isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { RunHistory, World } from "../resume/world.ts";
import { breakStore } from "./break-store.ts";
import { live } from "./live.ts";
import { lostResults, tooOften, wrongAttempts, wrongEnds, wrongLines } from "./problems.ts";
import { scheduleOf, stations } from "./schedule.ts";
import { illegalStates } from "./state-order.ts";

const sum = (last: number, of: (x: number) => number): number =>
  Array.from({ length: last }, (_, at) => of(at + 1)).reduce((total, x) => total + x, 0);
const expected = new Map([
  ["corrected", sum(stations, (x) => 11 * x) + sum(12, (by) => by)],
  ["squares", sum(stations, (x) => x * x)],
  ["refined", 100 + sum(6, (loop) => loop)],
]);

/** So that what is waited for comes within a test. */
const quick = {
  PREFECT__CLOUD__REQUEST_TIMEOUT: "1",
  PREFECT__CLOUD__LOGGING_HEARTBEAT: "0.5",
  PREFECT__CLOUD__HEARTBEAT_INTERVAL: "1",
  FLOW_RUNNER__TAKEOVER_AFTER: "0",
  FLOW_RUNNER__ON_STOP: "reschedule",
  // A quarter of it is for keeping on disk what the API does not take.
  FLOW_RUNNER__STOP_GRACE: "12",
  SURVEY_TELLS: "yes",
};

/** What was told, or is kept on disk because the API was away; or there was no API to ask yet. */
const endsOfStopped = [0, 4, 5];

/** How a flow run went under a schedule; `problems` is empty when it went as it must. */
export interface Told {
  readonly problems: readonly string[];
  /** Requests that met a fault. */
  readonly faults: number;
  /** Hosts and containers that were killed or stopped. */
  readonly kills: number;
  /** What was done to which process, and when: to be read beside a problem. */
  readonly story: readonly string[];
}

/** Runs about 100 tasks while all that the seed says goes wrong, and looks for what became wrong by that. */
export async function runSeed(world: World, flowId: string, seed: number): Promise<Told> {
  const schedule = scheduleOf(seed);
  const { broken, ends, faults } = schedule;
  world.server.setFaults({ rules: [], clockSkew: faults.clockSkew ?? 0 });
  const flowRunId = await world.createRun(flowId, { stations, broken });
  const before = world.server.metFaults().length;
  world.server.setFaults(faults);
  const store = breakStore(world.s3, schedule.store);
  const problems: string[] = [];
  const story: string[] = [];
  const killed = new Set<number>();
  let [hostKills, stops] = [0, 0];
  let mayDouble = false;
  for (let nth = 0; nth <= ends.length; nth += 1) {
    const env = { PREFECT__CLOUD__API: world.server.url, FLOW_RUNNER__CONCURRENCY: `${schedule.concurrency}` };
    const container = world.start(flowRunId, { ...quick, ...env });
    const tell = (what: string): unknown => story.push(`${Date.now()} container ${container.pid} ${what}`);
    const life = await live(world, container, { schedule, nth, store, tell });
    const { exitCode, signal, out, err } = await container.ended;
    hostKills += life.hostKills;
    mayDouble ||= signal !== null || /Logs could not be sent|cannot be reached/.test(out);
    if (signal !== null) killed.add(container.pid);
    else if (!(life.isStopped ? endsOfStopped : [0]).includes(exitCode ?? -1))
      problems.push(`a container ended with ${exitCode}: ${err}`);
    if (signal !== null) continue;
    if (!life.isStopped) break;
    stops += 1;
  }
  world.server.setFaults(null);
  store.mend();
  await world.deliverLog(flowRunId);
  const history = await world.history(flowRunId);
  const bodies = await world.bodies(flowRunId);
  const cuts = hostKills + killed.size + stops;
  problems.push(
    ...illegalStates(history, stops),
    ...wrongEnds(history, broken),
    ...lostResults(history, world.results),
    ...tooOften(history, bodies, cuts, faults.clockSkew ?? 0),
    ...wrongAttempts(bodies, broken, hostKills),
    ...wrongLines(await logOf(world, flowRunId), bodies, { killed, mayDouble }),
    ...(broken === 0 ? await wrongReport(world, history) : []),
  );
  return { problems, faults: world.server.metFaults().length - before, kills: cuts, story };
}

async function wrongReport(world: World, { task_runs }: RunHistory): Promise<string[]> {
  const report = task_runs.find(({ task }) => task.slug === "report-1")?.states.at(-1);
  const location = report?.serialized_state._result?.location ?? "";
  const value = location === "" ? null : await world.read(location);
  return isDeepStrictEqual(value, expected) ? [] : [`the report is ${inspect(value)}`];
}

const logShape = z.object({ data: z.object({ log: z.array(z.object({ message: z.string() })) }) });

async function logOf(world: World, flowRunId: string): Promise<readonly string[]> {
  const response = await fetch(world.server.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query:
        "query($id: uuid!) { log(where: { flow_run_id: { _eq: $id } }, order_by: { timestamp: asc }) { message } }",
      variables: { id: flowRunId },
    }),
  });
  return logShape.parse(await response.json()).data.log.map(({ message }) => message);
}
