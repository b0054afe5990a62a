import { join } from "node:path";
import { type FlowOutcome, type LogRecord, resolveParameters, runFlow, systemClock } from "../../src/engine/index.ts";
import type { AskRun } from "../../src/flow/index.ts";
import { ChildHost } from "../../src/host/index.ts";
import { pending, type State } from "../../src/state/index.ts";
import { ScriptedStore } from "../engine/scripted-store.ts";
import { labelOf } from "../engine/watch.ts";

export interface ChildRunOptions {
  /** In `fixtures/`. */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly extraLoggers?: readonly string[];
  readonly signal?: AbortSignal;
  /** Milliseconds that the host has to heed the signal. */
  readonly grace?: number;
  readonly concurrency?: number;
  readonly checkpointing?: boolean;
  /** False: there is more of it than is to be kept. */
  readonly keepLogs?: boolean;
  readonly onLog?: (record: LogRecord) => void;
  readonly ask?: AskRun;
}

export interface ChildRun {
  readonly outcome: FlowOutcome;
  readonly logs: readonly LogRecord[];
  states(label: string): readonly State[];
  types(label: string): string[];
  last(label: string): State;
  /** What a task returned: read from its state, where it was persisted as JSON. */
  result(label: string): unknown;
}

export const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

/** Runs a flow of `fixtures/rough.ts`, or of another file, with its code in a real host process. */
export async function runInChild(flowName: string, options: ChildRunOptions = {}): Promise<ChildRun> {
  const logs: LogRecord[] = [];
  const log = (record: LogRecord): void => {
    if (options.keepLogs !== false) logs.push(record);
    options.onLog?.(record);
  };
  const host = new ChildHost({
    env: options.env ?? process.env,
    log,
    ask: options.ask ?? (({ kind }) => Promise.reject(new Error(`there is no ${kind}`))),
    runFlow: () => Promise.reject(new Error("there is no environment")),
  });
  const store = new ScriptedStore();
  const signal = options.signal ?? new AbortController().signal;
  signal.addEventListener("abort", () => host.cancel("the flow run is stopped", options.grace));
  try {
    const { graph } = await host.load({
      file: fixture(options.file ?? "rough.ts"),
      source: true,
      digest: null,
      flow: flowName,
      applicationFolder: null,
      extraLoggers: [...(options.extraLoggers ?? [])],
    });
    const parameters = resolveParameters(graph, {});
    host.detail({
      flowRunId: "run",
      flowRunName: null,
      parameters,
      scheduledStart: Date.now(),
      context: {},
      defaultHandler: { type: "JSONResultHandler" },
    });
    // As the runner does: a task without a handler of its own has the default one.
    const tasks = graph.tasks.map((each) => ({ ...each, resultHandler: { type: "JSONResultHandler" } }));
    const outcome = await runFlow({
      graph: { ...graph, tasks },
      host,
      store,
      clock: systemClock,
      observer: { onLog: log },
      initialState: pending(),
      concurrency: options.concurrency ?? 32,
      parameters,
      checkpointing: options.checkpointing ?? true,
      signal,
      flavour: "Cloud",
      keepValues: false,
    });
    const last = (label: string): State => {
      const state = store.of(label).at(-1);
      if (state === undefined) throw new Error(`${label} has no state; there are ${store.sent.join(", ")}`);
      return state;
    };
    return {
      outcome,
      logs,
      last,
      states: (label) => store.of(label),
      types: (label) => store.of(label).map(({ type }) => type),
      result: (label) => JSON.parse(last(label).result?.location ?? "null"),
    };
  } finally {
    await host.close();
  }
}

/** The task run id that a line was attributed to, as the store made it. */
export const idOf = (slug: string, mapIndex: number | null = null): string => `id of ${labelOf({ slug, mapIndex })}`;
