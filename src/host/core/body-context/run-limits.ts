import { FlowRunnerError } from "../../../errors/index.ts";
import { type AskRun, milliseconds, type RunLimits, type SlotOptions, type WantedSlots } from "../../../flow/index.ts";

/** The limits that a body counts itself against; the side that speaks with the API waits for the slots and holds them. */
export function runLimits(ask: AskRun, taskRunId: string | null, signal: AbortSignal): RunLimits {
  const giveBack = (id: string): Promise<unknown> => ask({ kind: "giveBackSlots", id }, taskRunId);
  const take = async (wanted: WantedSlots): Promise<void> => {
    if (wanted.names.length === 0) return;
    signal.throwIfAborted();
    const giveUp = (): void => void giveBack(wanted.id).catch(() => undefined);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await ask({ kind: "takeSlots", wanted }, taskRunId);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  };
  return {
    concurrency: async <Value>(
      names: string | readonly string[],
      options: SlotOptions | (() => Value | Promise<Value>),
      run?: () => Value | Promise<Value>,
    ): Promise<Value> => {
      const [own, body] = typeof options === "function" ? [{}, options] : [options, run];
      const wanted = wantedSlots(names, own, "concurrency");
      if (typeof body !== "function") throw invalid(wanted.names, "what is to run while they are held is no function");
      await take(wanted);
      try {
        return await body();
      } finally {
        if (wanted.names.length > 0) await giveBack(wanted.id);
      }
    },
    rateLimit: async (names, options = {}) => take(wantedSlots(names, options, "rate_limit")),
  };
}

function wantedSlots(
  given: string | readonly string[],
  { occupy = 1, timeout, strict = false }: SlotOptions,
  mode: WantedSlots["mode"],
): WantedSlots {
  const names = typeof given === "string" ? [given] : [...new Set(given)];
  if (!Number.isSafeInteger(occupy) || occupy < 1) throw invalid(names, `occupy is ${occupy}, and must be 1 or more`);
  const most = timeout === undefined ? null : milliseconds(timeout);
  if (most === null && timeout !== undefined)
    throw invalid(names, `the timeout ${JSON.stringify(timeout)} is no length of time, as "1m" is`);
  return { id: crypto.randomUUID(), names, slots: occupy, mode, timeout: most, strict };
}

const invalid = (names: readonly string[], problem: string): FlowRunnerError =>
  new FlowRunnerError("CONCURRENCY_INVALID", { names, problem });
