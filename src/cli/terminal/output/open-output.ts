import type { OutputFormat } from "../../../config/index.ts";
import type { LogLevel, RunObserver } from "../../../engine/index.ts";
import type { FlowGraph } from "../../../graph/index.ts";
import { Tally } from "./live/tally.ts";
import type { Output } from "./output.ts";

export interface OutputOptions {
  readonly format: OutputFormat;
  /** Records below are not shown. */
  readonly level: LogLevel;
  /** Nothing but what went wrong. */
  readonly quiet: boolean;
  readonly stream: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** An {@link Output} that can be told things before its libraries are loaded. */
export interface RunOutput extends Output {
  /** Tells the flow's tasks, so that those that wait are shown too. */
  plan(graph: FlowGraph): void;
}

/** Live on a terminal, JSON lines elsewhere, plain lines on a terminal that cannot move its cursor. */
export function chooseFormat({ format, stream, env }: OutputOptions): Exclude<OutputFormat, "auto"> {
  if (format !== "auto") return format;
  if (!stream.isTTY) return "json";
  return env.TERM === "dumb" || env.CI ? "plain" : "live";
}

/**
 * Opens the output at once; what draws it is loaded beside the run's own start, and what happens until then is kept and
 * shown in order.
 */
export function openOutput(options: OutputOptions): RunOutput {
  const tally = new Tally(Date.now);
  const waiting: ((observer: RunObserver) => void)[] = [];
  let observer: RunObserver | null = null;
  const opened = load(tally, options).then((output) => {
    observer = output.observer;
    for (const tell of waiting.splice(0)) tell(observer);
    return output;
  });
  const tell = (event: (observer: RunObserver) => void) => {
    if (observer === null) waiting.push(event);
    else event(observer);
  };
  return {
    observer: {
      onTaskState: (run, state) => tell((to) => to.onTaskState?.(run, state)),
      onTaskKept: (run, state) => tell((to) => to.onTaskKept?.(run, state)),
      onFlowState: (state) => tell((to) => to.onFlowState?.(state)),
      onLog: (record) => tell((to) => to.onLog?.(record)),
    },
    plan: (graph) => tally.plan(graph),
    close: async (summary) => (await opened).close(summary && !options.quiet),
  };
}

async function load(tally: Tally, options: OutputOptions): Promise<Output> {
  const level = options.quiet ? "ERROR" : options.level;
  const chosen = chooseFormat(options);
  const format = chosen === "live" && options.quiet ? "plain" : chosen;
  if (format === "live") return (await import("./live/live.ts")).live(tally, level, options.stream);
  if (format === "plain") return (await import("./plain.ts")).plain(tally, level, options.stream);
  return (await import("./json-lines.ts")).jsonLines(tally, level);
}
