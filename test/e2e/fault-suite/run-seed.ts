import { inspect, isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Container } from "../resume/container.ts";
import type { RunHistory, World } from "../resume/world.ts";
import { type BrokenStore, breakStore } from "./break-store.ts";
import { killHosts } from "./kill-hosts.ts";
import { lostResults, tooOften, wrongAttempts, wrongEnds, wrongLines } from "./problems.ts";
import { type Moment, type Schedule, scheduleOf, stations } from "./schedule.ts";
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
  PREFECT__CLOUD__LOGGING_HEARTBEAT: "0.2",
  PREFECT__CLOUD__HEARTBEAT_INTERVAL: "1",
  FLOW_RUNNER__TAKEOVER_AFTER: "0",
  FLOW_RUNNER__ON_STOP: "reschedule",
  FLOW_RUNNER__STOP_GRACE: "4",
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
  const killed = new Set<number>();
  let [hostKills, stops] = [0, 0];
  let mayDouble = false;
  let handover: number | null = null;
  for (let nth = 0; nth <= ends.length; nth += 1) {
    const env = { PREFECT__CLOUD__API: world.server.url, FLOW_RUNNER__CONCURRENCY: `${schedule.concurrency}` };
    if (nth > 0) handover ??= Date.now() + (faults.clockSkew ?? 0);
    const container = world.start(flowRunId, { ...quick, ...env });
    const life = await live(world, container, { schedule, nth, store });
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
    ...illegalStates(history, { handover, stops }),
    ...wrongEnds(history, broken),
    ...lostResults(history, world.results),
    ...tooOften(history, bodies, cuts, faults.clockSkew ?? 0),
    ...wrongAttempts(bodies, broken, hostKills),
    ...wrongLines(await logOf(world, flowRunId), bodies, { killed, mayDouble }),
    ...(broken === 0 ? await wrongReport(world, history) : []),
  );
  return { problems, faults: world.server.metFaults().length - before, kills: cuts };
}

interface Life {
  readonly schedule: Schedule;
  /** Which container of the run it is, from 0. */
  readonly nth: number;
  readonly store: BrokenStore;
}

/** What was done to a container while it lived. */
interface Lived {
  readonly hostKills: number;
  readonly isStopped: boolean;
}

/** Lets a container live as long as the schedule says. */
async function live(world: World, container: Container, { schedule, nth, store }: Life): Promise<Lived> {
  let hostKills = 0;
  let isStopped = false;
  const timers: NodeJS.Timeout[] = [];
  const at = (moment: Moment, act: () => void): void => {
    const actIfAlive = (): unknown => container.alive && act();
    if ("requests" in moment) void store.after(moment.requests).then(actIfAlive);
    else timers.push(setTimeout(actIfAlive, moment.milliseconds));
  };
  for (const requests of schedule.hostKills[nth] ?? []) at({ requests }, () => (hostKills += killHosts(container.pid)));
  if (nth === 0)
    for (const restart of schedule.restarts) at(restart.at, () => void world.server.restart(restart.downFor));
  const end = schedule.ends[nth];
  const act = (): void => {
    isStopped = end?.signal === "SIGTERM";
    if (isStopped) container.stop();
    else container.signal("SIGKILL");
  };
  if (end !== undefined) at(end.at, act);
  await container.ended;
  for (const timer of timers) clearTimeout(timer);
  return { hostKills, isStopped };
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
