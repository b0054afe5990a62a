import { open, writeFile } from "node:fs/promises";
import type { ChromeTrace } from "../../../run/telemetry/trace/chrome-trace.ts";
import type { OutputFlags } from "../../options/shared-options.ts";
import type { RunOutput } from "../../terminal/output/open-output.ts";
import { runOutput } from "../../terminal/output/run-output.ts";

interface TracedOutput extends RunOutput {
  /** Is told what the output does not show; null: none is asked for. */
  readonly trace: ChromeTrace | null;
}

/** Where a command shows a run that goes on here, with a trace of it that is written to a file at its end if there is to be one. */
export async function tracedOutput(
  flags: OutputFlags & { readonly trace?: string | undefined },
): Promise<TracedOutput> {
  const output = runOutput(flags);
  const { trace: file } = flags;
  if (file === undefined) return { ...output, trace: null };
  // A file that cannot be written is said before the run, not after it.
  await (await open(file, "a")).close();
  const { ChromeTrace } = await import("../../../run/telemetry/trace/chrome-trace.ts");
  const trace = new ChromeTrace();
  return {
    trace,
    observer: trace.watching(output.observer),
    plan: (graph) => {
      trace.plan(graph);
      output.plan(graph);
    },
    close: async (summary) => {
      await output.close(summary);
      await writeFile(file, trace.text());
    },
  };
}
