import { dirname, resolve } from "node:path";
import type { EdgeRow, FlowRunRow, LogLine, RunsApi, TaskRunRow } from "../../../cloud/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { describeArtifact } from "../../describe.ts";
import { ranWithIn } from "../../execute/load/ran-with.ts";
import { withArtifact } from "../chosen-artifact.ts";
import { type CodeDifference, codeDifference } from "./code-difference.ts";
import { firstFailure } from "./first-failure.ts";
import { inputsOf, type PastInputs } from "./inputs-of.ts";
import { fetchPastRun } from "./past-run.ts";
import { type SourceLines, sourceLines } from "./source-lines.ts";

/** What is known of a flow run, for a person who wants to know why it failed. */
export interface RunStory {
  readonly run: FlowRunRow;
  readonly taskRuns: readonly TaskRunRow[];
  /** The flow as a graph of the tasks' ids. */
  readonly edges: readonly EdgeRow[];
  /** What failed first; null: nothing did. */
  readonly failure: FailureStory | null;
  /** Whether the API knows which tasks the flow has. That of Prefect 3 knows those alone that the run has come to. */
  readonly tasksKnown: boolean;
  /** The code here beside that which ran; a text: why it is not here. */
  readonly code: CodeDifference | string;
}

/** The task run that failed before all others. */
export interface FailureStory {
  readonly taskRun: TaskRunRow;
  /** How often its body was started. */
  readonly attempts: number;
  /** What its last attempt used, where the run's log says it. */
  readonly usage: string | null;
  readonly inputs: PastInputs;
  /** The last lines of its log. */
  readonly log: readonly LogLine[];
  /** Where it failed; null: its source is not here. */
  readonly source: SourceLines | null;
}

export interface StoryOptions {
  /** The flow whose code is here: a saved one or a source; left out: what was registered. */
  readonly artifact?: string | undefined;
}

/** So many of the last lines of the task run that failed first are told. */
const logLines = 20;

/**
 * Gathers what is known of a flow run. The flow's code is loaded, in a process of its own, to read what the task that
 * failed was given; where it is not here the rest is told without.
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, those of the API, and of a flow that was named and cannot be loaded
 */
export async function runStory(api: RunsApi, idOrName: string, options: StoryOptions): Promise<RunStory> {
  const past = await fetchPastRun(api, idOrName);
  const { run, info, taskRuns, edges } = past;
  const failed = firstFailure(taskRuns);
  const tasksKnown = info.reached === undefined;
  const lines = api.logLines(run.id);
  const told = withArtifact(info.flow, options.artifact, async ({ file, name }) => {
    const { flows, digest, manifest } = await describeArtifact(file, { flow: info.flow.name });
    const slugs = flows.flatMap(({ tasks }) => tasks.map(({ slug }) => slug));
    const ranWith = (await lines).map(({ message }) => ranWithIn(message)).findLast((each) => each !== null) ?? null;
    const code = codeDifference(info, taskRuns, { name, digest, manifest, slugs }, ranWith);
    return { code, inputs: failed === null ? null : await inputsOf(api, past, failed, file) };
  }).catch((error: unknown) => {
    // What was not asked for by name may be missing.
    if (options.artifact !== undefined) throw error;
    const reason = messageOf(error);
    return { code: reason, inputs: { kind: "unknown", reason: "the flow is not here" } as const };
  });
  const [all, { code, inputs }] = await Promise.all([lines, told]);
  const log = failed === null ? [] : all.filter(({ task }) => task?.runId === failed.id);
  if (failed === null || inputs === null) return { run, taskRuns, edges, failure: null, tasksKnown, code };
  const trace = [failed.state.message ?? "", ...log.map(({ message }) => message)].join("\n");
  const failure = {
    taskRun: failed,
    attempts: log.filter(({ message }) => /: Starting task run\.\.\.$/.test(message)).length,
    usage:
      log
        .map(({ message }) => /: (ran \S+ s[,;] .*memory.*)$/s.exec(message)?.[1])
        .findLast((use) => use !== undefined) ?? null,
    inputs,
    log: log.slice(-logLines),
    source: await sourceLines(trace, [
      process.cwd(),
      ...(options.artifact === undefined ? [] : [dirname(resolve(options.artifact))]),
    ]),
  };
  return { run, taskRuns, edges, failure, tasksKnown, code };
}
