import { andDownstream, type FlowRunInfo, type RunsApi, type TaskRunRow } from "../../../cloud/index.ts";
import { parseAuthorEnvironment } from "../../../config/index.ts";
import type { FlowOutcome, RunObserver } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import { findArtifact } from "../../execute/artifact-file.ts";
import { runFile } from "../../here/run-file.ts";
import { chosenTaskRuns } from "../chosen-task-runs.ts";
import { findRun } from "../find-run.ts";
import { pastStore } from "./past-store.ts";

export interface RunAgainOptions {
  /** The task runs that run again, by the name of their task: `clean[37]`. */
  readonly task: string;
  /** And everything downstream of them. */
  readonly downstream: boolean;
  /** A saved flow or a source; left out: the artifact that the run was registered with. */
  readonly artifact?: string | undefined;
  /** Run the tasks too whose result is needed and was not persisted. */
  readonly remake: boolean;
  readonly observer: RunObserver;
  /** Told what runs of the flow, before it does. */
  readonly loaded: (graph: FlowGraph) => void;
  readonly signal: AbortSignal;
}

export interface RanAgain {
  readonly outcome: FlowOutcome;
  /** The file whose code ran. */
  readonly file: string;
}

/**
 * Runs task runs of a flow run again, here, with the inputs that they had. The API is told nothing and no result is
 * written: it may be done as often as one likes.
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, `TASK_RUN_NOT_IN_RUN`, `TASKS_DIFFER`, those of loading the flow, and of
 *   the API
 */
export async function runAgainHere(api: RunsApi, idOrName: string, options: RunAgainOptions): Promise<RanAgain> {
  const run = await findRun(api, idOrName);
  const [info, runs, edges] = await Promise.all([
    api.flowRunInfo(run.id),
    api.taskRuns(run.id),
    api.edges(run.flow.id),
  ]);
  const chosen = chosenTaskRuns(runs, run, options.task);
  const again = options.downstream ? andDownstream(chosen, runs, edges) : chosen;
  const file = options.artifact ?? (await registeredFile(info));
  const outcome = await runFile(file, {
    flow: info.flow.name,
    parameters: info.parameters,
    run: {
      flowRunId: info.id,
      flowRunName: info.name,
      scheduledStart: info.scheduledStartTime ?? Date.now(),
      context: info.context,
    },
    checkpointing: false,
    prepare: (graph) => prepare(graph, runs, options.remake),
    store: pastStore(runs, again),
    observer: options.observer,
    loaded: (graph) => options.loaded(restricted(graph, again)),
    signal: options.signal,
  });
  return { outcome, file };
}

async function registeredFile({ flow }: FlowRunInfo): Promise<string> {
  const { prefectFolder } = parseAuthorEnvironment(process.env);
  return (await findArtifact(flow.name, flow.storage, prefectFolder)).file;
}

/** Another version of the flow will do as long as its tasks have the same slugs: by these the run's states are found. */
function prepare(graph: FlowGraph, runs: readonly TaskRunRow[], remake: boolean): FlowGraph {
  const known = new Set(runs.map(({ task }) => task.slug));
  const missing = graph.tasks.map(({ slug }) => slug).filter((slug) => !known.has(slug));
  if (missing.length > 0) throw new FlowRunnerError("TASKS_DIFFER", { flow: graph.name, missing });
  if (!remake) return graph;
  return { ...graph, tasks: graph.tasks.map((task) => ({ ...task, onMissingResult: "rerun" as const })) };
}

function restricted(graph: FlowGraph, again: readonly TaskRunRow[]): FlowGraph {
  const slugs = new Set(again.map(({ task }) => task.slug));
  return { ...graph, tasks: graph.tasks.filter(({ slug }) => slugs.has(slug)) };
}
