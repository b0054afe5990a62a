import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { fromWireTime, type State } from "../../../state/index.ts";
import { fromWire3 } from "../../../state/wire/index.ts";

const details = z.object({ state_details: z.object({ cache_expiration: z.string() }) });

/** A state whose result was kept for later runs, as the engine knows it; null: it was not, or cannot be read. */
export function cachedStateOf(wire: unknown, owner: string): State | null {
  const parsed = details.safeParse(wire);
  if (!parsed.success) return null;
  try {
    const state = fromWire3(wire, owner);
    const cachedUntil = fromWireTime(parsed.data.state_details.cache_expiration);
    return state.result === null || cachedUntil === null ? null : { ...state, type: "Cached", cachedUntil };
  } catch (error) {
    if (error instanceof FlowRunnerError) return null;
    throw error;
  }
}
