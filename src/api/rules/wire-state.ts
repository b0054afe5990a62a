import { z } from "zod";
import { type StateType, stateTypes } from "../../state/index.ts";
import type { Dialect } from "./dialect.ts";
import { Refusal } from "./refusal.ts";
import { canonicalTime } from "./time.ts";

/** A state in a wire form of Prefect's: what the API must understand of it; the rest is kept as it came. */
export interface WireState {
  readonly type: StateType;
  readonly message?: string | null | undefined;
  readonly start_time?: string | null | undefined;
  readonly cached_inputs?: Readonly<Record<string, unknown>> | null | undefined;
  readonly [key: string]: unknown;
}

/** Prefect 1.x: "State payload is too large." */
export const maxStateBytes = 1_000_000;

const shape = z.looseObject({
  message: z.string().nullish(),
  start_time: z.string().nullish(),
  cached_inputs: z.record(z.string(), z.unknown()).nullish(),
  context: z.record(z.string(), z.unknown()).nullish(),
});

/** The states that only the other dialect has. */
const unknown: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  "0.7": new Set(["Cancelling", "Cancelled", "ValidationFailed"]),
  "1.x": new Set(["Aborted"]),
};
const types: ReadonlySet<string> = new Set(stateTypes);

/** States whose start time is now when they name none; a Paused one then waits until it is resumed by hand. */
const startsNow: ReadonlySet<StateType> = new Set(["Scheduled", "Resume", "Retrying", "Queued"]);

/**
 * Reads a state that a client sent. What the API does not understand of it stays as it is, and so it is answered to
 * clients of either dialect, as Prefect's own database does: a client reads what it knows and drops the rest.
 *
 * @throws Refusal when it is too large, is no state of the dialect, or a part has the wrong type.
 */
export function readState(sent: unknown, { dialect, now }: { dialect: Dialect; now: string }): WireState {
  if (tooLarge(JSON.stringify(sent))) throw new Refusal("State payload is too large.");
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    throw new Refusal("{'_schema': ['Invalid data type: a state is an object.']}");
  }
  const type: unknown = "type" in sent ? sent.type : undefined;
  if (type === undefined) throw new Refusal("{'type': ['Missing data for required field.']}");
  if (!isStateType(type) || unknown[dialect].has(type))
    throw new Refusal(`{'type': ['Unsupported value: ${String(type)}']}`);
  const parsed = shape.safeParse(sent);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(`{'${issue?.path.join(".")}': ['${issue?.message}']}`);
  }
  const { start_time: start } = parsed.data;
  if (typeof start === "string") return { ...parsed.data, type, start_time: startTime(start) };
  return startsNow.has(type) ? { ...parsed.data, type, start_time: now } : { ...parsed.data, type };
}

function startTime(text: string): string {
  try {
    return canonicalTime(text);
  } catch (error) {
    throw new Refusal("{'start_time': ['Not a valid datetime.']}", "INTERNAL_SERVER_ERROR", { cause: error });
  }
}

const isStateType = (type: unknown): type is StateType => typeof type === "string" && types.has(type);

/** Prefect 1.x measures the JSON in ASCII, where any other UTF-16 unit takes six bytes (`\u00e9`). */
function tooLarge(json: string): boolean {
  if (json.length > maxStateBytes) return true;
  if (json.length * 6 <= maxStateBytes) return false;
  let bytes = 0;
  for (let at = 0; at < json.length; at += 1) bytes += json.charCodeAt(at) < 0x7f ? 1 : 6;
  return bytes > maxStateBytes;
}
