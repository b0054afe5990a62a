import { isStillSubmitted } from "../../cloud/index.ts";
import { isRunning, type State } from "../../state/index.ts";
import type { LaunchEnd } from "./launcher.ts";

/** What the end of a flow run's process asks for. */
export type AfterEnd =
  /** The API knows all there is to know. */
  | { readonly kind: "told" }
  /** It died in the middle: what it had is persisted, and the next process goes on from it. */
  | { readonly kind: "again"; readonly message: string }
  | { readonly kind: "fail"; readonly message: string };

/** Prefect: its Lazarus process starts a lost run three times more. */
const mostRestarts = 3;

/**
 * Decides what to do after a process has ended, so that no run stays Submitted, or Running without anybody, for ever.
 *
 * Prefect's local agent notes the exit code and leaves the run to the server's Lazarus and zombie killer, some ten
 * minutes later.
 *
 * @param held - the state that the API holds
 * @param restarts - how often the run was started again already
 */
export function afterEnd(end: LaunchEnd, held: State, submissionId: string, restarts: number): AfterEnd {
  const how = endOf(end);
  if (isStillSubmitted(held, submissionId)) {
    return { kind: "fail", message: `The process of the flow run ${how} before it told the API anything.` };
  }
  const isLost = isRunning(held) && (end.exitCode !== 0 || end.signal !== null);
  if (!isLost) return { kind: "told" };
  if (restarts < mostRestarts) {
    return { kind: "again", message: `The process of the flow run ${how} in the middle of the run.` };
  }
  const times = `This has happened ${restarts + 1} times; it is not started again.`;
  return { kind: "fail", message: `The process of the flow run ${how} in the middle of the run. ${times}` };
}

/** `was ended by SIGKILL`, `ended with exit code 3`. */
export const endOf = ({ exitCode, signal }: LaunchEnd): string =>
  signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
