import type { CallRequest, SeenState } from "../../engine/index.ts";
import type { ToHost } from "../protocol/index.ts";
import type { Ask } from "./process/questions.ts";

/** Bytes of states in one frame: far below the limit of a frame, and few frames for 10,000 states. */
const pieceLength = 256 * 1024;

export interface CallFrames {
  /** To be told first, in this order. */
  readonly ahead: readonly Extract<ToHost, { type: "seen" }>[];
  readonly call: Extract<Ask, { type: "call" }>;
}

/** A call as frames: the states of 10,000 upstream task runs do not fit into one. */
export function callFrames(request: CallRequest): CallFrames {
  if (request.fn !== "terminalStateHandler" && request.fn !== "trigger") {
    // The schema types lists as writable, though nobody writes to these.
    return { ahead: [], call: { type: "call", request: request as CallFrames["call"]["request"], ahead: 0 } };
  }
  const states = request.fn === "trigger" ? request.upstream : request.references;
  const ahead = pieces(states).map((piece) => ({ type: "seen" as const, states: piece }));
  const rest =
    request.fn === "trigger"
      ? { ...request, upstream: [] as SeenState[] }
      : { ...request, references: [] as SeenState[] };
  return { ahead, call: { type: "call", request: rest, ahead: states.length } };
}

function pieces(states: readonly SeenState[]): SeenState[][] {
  const all: SeenState[][] = [];
  let length = pieceLength;
  for (const state of states) {
    const own = Buffer.byteLength(JSON.stringify(state));
    if (length + own > pieceLength) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(state);
    length += own;
  }
  return all;
}
