import { styleText } from "node:util";
import type { LogLevel } from "../../engine/index.ts";
import type { StateType } from "../../state/index.ts";

type Format = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/**
 * Colours only where the stream is a terminal that knows them and nobody asked for none (`NO_COLOR`, `NODE_DISABLE_COLORS`,
 * `TERM=dumb`); `FORCE_COLOR` turns them on.
 */
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (format, text) =>
    styleText(format, text, { stream });

/** Leaves text as it is. */
export const noPaint: Paint = (_, text) => text;

/** The colour of a state; not its only sign, its name stands beside it. */
export function stateColour(type: StateType): Format {
  switch (type) {
    case "Success":
    case "Cached":
    case "Mapped":
      return "green";
    case "Failed":
    case "TimedOut":
    case "TriggerFailed":
    case "ValidationFailed":
    case "Aborted":
      return "red";
    case "Running":
    case "Looped":
      return "cyan";
    case "Retrying":
    case "Paused":
    case "Cancelling":
    case "Cancelled":
    case "ClientFailed":
      return "yellow";
    default:
      return "gray";
  }
}

export const levelColour: Readonly<Record<LogLevel, Format>> = {
  DEBUG: "gray",
  INFO: "blue",
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: ["bold", "red"],
};
