import { existsSync } from "node:fs";
import { join } from "node:path";
import { lineOf } from "../fixtures/line-of.ts";
import type { Body, RunHistory } from "../resume/world.ts";

type TaskRun = RunHistory["task_runs"][number];

/** One, the own retry, and four more. */
const attemptsOfBroken = 6;

/** As the bodies name it: `flaky-1[27]`. */
export const labelOf = ({ task, map_index }: TaskRun): string => `${task.slug}[${map_index === -1 ? null : map_index}]`;
const timesRunning = ({ states }: TaskRun) => states.filter(({ state }) => state === "Running");

/** What is wrong with how the flow run and its task runs have ended. @param broken - the station that fails; 0: none */
export function wrongEnds({ state, states, task_runs }: RunHistory, broken: number): string[] {
  const right = broken === 0 ? "Success" : "Failed";
  const problems = state === right ? [] : [`the flow run is ${state} and not ${right}: ${states.at(-1)?.message}`];
  for (const run of task_runs) {
    const { state: type = "none", message = "" } = run.states.at(-1) ?? {};
    const ends = endsOf(run, broken);
    if (!ends.includes(type)) problems.push(`${labelOf(run)} is ${type} and not ${ends.join(" or ")}: ${message}`);
  }
  return problems;
}

function endsOf(run: TaskRun, broken: number): readonly string[] {
  if (broken !== 0 && labelOf(run) === `correct-1[${broken - 1}]`) return ["Failed"];
  if (broken !== 0 && /^(total-1|step-\d+|report-1)$/.test(run.task.slug)) return ["TriggerFailed"];
  return ["Success", "Mapped"];
}

/** Each Success whose result the store does not have. @param folder - with what the store holds */
export function lostResults({ task_runs }: RunHistory, folder: string): string[] {
  return task_runs.flatMap((run) => {
    // A parameter's value is in its state.
    if (!/-\d+$/.test(run.task.slug)) return [];
    const last = run.states.at(-1);
    const location = last?.serialized_state._result?.location ?? null;
    if (last?.state !== "Success" || (location !== null && existsSync(join(folder, location)))) return [];
    return [`${labelOf(run)}: its result ${location} is not in the store`];
  });
}

/**
 * Bodies that have begun more often than they may: without a Running of their own, or again without anything that had
 * cut them off.
 *
 * @param cuts - how often a host or a container was killed
 * @param skew - milliseconds that the API's clock is ahead
 */
export function tooOften({ task_runs }: RunHistory, bodies: readonly Body[], cuts: number, skew: number): string[] {
  const problems: string[] = [];
  const runs = new Map(task_runs.map((run) => [labelOf(run), run]));
  for (const [label, own] of Map.groupBy(bodies, ({ slug, mapIndex }) => `${slug}[${mapIndex}]`)) {
    const run = runs.get(label);
    const started = run === undefined ? [] : timesRunning(run).map(({ timestamp }) => timestamp - skew);
    own.forEach(({ time }, at) => {
      // Both clocks tell whole milliseconds.
      if (started.filter((since) => since <= time + 1).length <= at)
        problems.push(`${label}: body ${at + 1} is without a Running`);
    });
    for (const [what, same] of Map.groupBy(own, ({ attempt, loop }) => `${attempt}.${loop}`)) {
      if (same.length > 1 + cuts) problems.push(`${label}: attempt ${what} began ${same.length} times`);
    }
  }
  return problems;
}

/**
 * Task runs that were tried more or less often than their code wants. One whose host was killed while no other ran in it is
 * to blame for that, and spends a retry.
 *
 * @param hostKills - how often a host was killed
 */
export function wrongAttempts(bodies: readonly Body[], broken: number, hostKills: number): string[] {
  return [...Map.groupBy(bodies, ({ slug, mapIndex }) => `${slug}[${mapIndex}]`)].flatMap(([label, own]) => {
    const station = (own[0]?.mapIndex ?? -1) + 1;
    const isFlaky = label.startsWith("flaky") && station % 5 === 0;
    const right = isFlaky ? 3 : label.startsWith("correct") && station === broken ? attemptsOfBroken : 1;
    const highest = Math.max(...own.map(({ attempt }) => attempt));
    if (highest >= right && highest <= right + hostKills) return [];
    return [`${label}: attempt ${highest}, and ${right} are right (${hostKills} hosts were killed)`];
  });
}

/**
 * Lines that the log of the flow run does not have, has twice, or has in another order than they were printed. A body is
 * noted once it has printed, so that each line is demanded, also those of a host that was killed in the next instruction.
 *
 * @param killed - containers that were killed: what they had not sent died with them
 * @param mayDouble - a shipment's answer got lost: the API has no key to know a line by
 */
export function wrongLines(
  lines: readonly string[],
  bodies: readonly Body[],
  { killed, mayDouble }: { readonly killed: ReadonlySet<number>; readonly mayDouble: boolean },
): string[] {
  const problems: string[] = [];
  const places = Map.groupBy(lines.keys(), (at) => lines[at] ?? "");
  for (const own of Map.groupBy(bodies, ({ host }) => host).values()) {
    let before = -1;
    for (const body of own) {
      const line = `body ${lineOf(body)}`;
      const [at, ...more] = places.get(line) ?? [];
      if (at === undefined) {
        if (!killed.has(body.container)) problems.push(`the log has no line "${line}"`);
        continue;
      }
      if (at < before) problems.push(`the log has "${line}" too early`);
      if (more.length > 0 && !mayDouble) problems.push(`the log has "${line}" ${more.length + 1} times`);
      before = at;
    }
  }
  return problems;
}
