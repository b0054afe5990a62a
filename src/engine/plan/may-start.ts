import type { EngineContext } from "./engine-context.ts";

/** Waits while the gate is closed. Resolves with false when nothing starts any more in this process. */
export async function mayStart({ gate, signal }: Pick<EngineContext, "gate" | "signal">): Promise<boolean> {
  for (;;) {
    if (isEnding({ gate, signal })) return false;
    const closed = gate?.closed ?? null;
    if (closed === null) return true;
    await Promise.race([closed, abortOf(signal, closed)]);
  }
}

/** Resolves when the signal aborts; listens no longer than until `meanwhile` has resolved. */
function abortOf(signal: AbortSignal, meanwhile: Promise<void>): Promise<void> {
  const heard = new AbortController();
  void meanwhile.then(() => heard.abort());
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true, signal: heard.signal });
  });
}

/** Whether the process leaves the flow run, or is to end before its time. */
export const isEnding = ({ gate, signal }: Pick<EngineContext, "gate" | "signal">): boolean =>
  signal.aborted || gate?.leaving.aborted === true;
