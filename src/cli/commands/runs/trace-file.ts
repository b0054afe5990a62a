import { writeFile } from "node:fs/promises";
import type { ChromeTrace } from "../../../run/telemetry/chrome-trace.ts";

/** A trace that is written to a file at its end; null: none is asked for. */
export async function traceOf(file: string | undefined): Promise<(ChromeTrace & { write(): Promise<void> }) | null> {
  if (file === undefined) return null;
  const { ChromeTrace } = await import("../../../run/telemetry/chrome-trace.ts");
  const trace = new ChromeTrace();
  return Object.assign(trace, { write: () => writeFile(file, trace.text()) });
}
