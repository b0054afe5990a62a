import type { RunsApi, TaskRunRow } from "../../../cloud/index.ts";
import type { FlowOutcome, RunObserver } from "../../../engine/index.ts";
import type { FlowRunnerError } from "../../../errors/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import { runFile } from "../../here/run-file.ts";
import type { PastRun } from "./past-run.ts";
import { pastStore } from "./past-store.ts";
import { type TrialOptions, trialHost } from "./trial-host.ts";

export interface RunAgainOptions extends Omit<TrialOptions, "isTried" | "refused"> {
  /** The task runs that run again. */
  readonly again: readonly TaskRunRow[];
  /** Those of them that are tried out, with what they are given shown and changed. */
  readonly tried: readonly TaskRunRow[];
  /** The file whose code runs: a saved flow or a source. */
  readonly file: string;
  /** Run the tasks too whose result is needed and was not persisted. */
  readonly remake: boolean;
  readonly observer: RunObserver;
  /** Told what runs of the flow, before it does. */
  readonly loaded?: (graph: FlowGraph) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs task runs of a flow run again, here, with the inputs that they had. The API is told nothing and no result is
 * written: it may be done as often as one likes.
 *
 * @param api - where secrets are asked for
 * @throws FlowRunnerError `TASKS_DIFFER`, `TASK_INPUT_UNKNOWN`, those of loading the flow, and of the API
 */
export async function runAgainHere(
  api: Pick<RunsApi, "secretValue" | "taskRunsOf">,
  { info, taskRuns }: PastRun,
  options: RunAgainOptions,
): Promise<FlowOutcome> {
  const { again, tried, file, loaded, remake, observer, signal } = options;
  const isTried: TrialOptions["isTried"] = ({ slug, mapIndex }) =>
    tried.some((run) => run.task.slug === slug && run.mapIndex === mapIndex);
  let refusal: FlowRunnerError | null = null;
  const refused = (error: FlowRunnerError): void => {
    refusal ??= error;
  };
  const given = new Set<string>();
  const outcome = await runFile(file, {
    api,
    flow: info.flow.name,
    parameters: info.parameters,
    run: {
      flowRunId: info.id,
      flowRunName: info.name,
      scheduledStart: info.scheduledStartTime ?? Date.now(),
      context: info.context,
    },
    checkpointing: false,
    prepare: (graph) => {
      api.taskRunsOf(info, graph);
      for (const { slug, kind } of graph.tasks) if (kind === "parameter" || kind === "constant") given.add(slug);
      return remake ? remaking(graph) : graph;
    },
    store: pastStore(taskRuns, again, given),
    host: (host) => trialHost(host, { ...options, isTried, refused }),
    observer,
    loaded: (graph) => loaded?.(restricted(graph, again)),
    signal,
  });
  if (refusal !== null) throw refusal;
  return outcome;
}

function remaking(graph: FlowGraph): FlowGraph {
  return { ...graph, tasks: graph.tasks.map((task) => ({ ...task, onMissingResult: "rerun" as const })) };
}

function restricted(graph: FlowGraph, again: readonly TaskRunRow[]): FlowGraph {
  const slugs = new Set(again.map(({ task }) => task.slug));
  return { ...graph, tasks: graph.tasks.filter(({ slug }) => slugs.has(slug)) };
}
