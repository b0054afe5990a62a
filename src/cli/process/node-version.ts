import { FlowRunnerError } from "../../errors/index.ts";

/** The major version that package.json's `engines` asks for. */
const least = 26;

/**
 * Refuses a Node that is too old in a sentence, before something that it lacks fails in a stack trace.
 *
 * @param version Such as `26.10.0`.
 * @throws FlowRunnerError `NODE_TOO_OLD`
 */
export function requireNode(version: string): void {
  if (Number.parseInt(version, 10) < least) throw new FlowRunnerError("NODE_TOO_OLD", { version, least });
}
