import type { BodyOutcome, BodyRequest } from "../../engine/index.ts";
import { HostEnded } from "./host-process.ts";
import type { HostSession } from "./host-session.ts";

/**
 * Runs a body in a host of its own, where its deadline and its memory touch nobody else. Values cross by the scratch
 * store: the main host keeps the inputs there, the isolated one the result.
 */
export async function runIsolated(
  main: HostSession,
  open: () => Promise<HostSession | null>,
  request: BodyRequest,
  grace: number,
): Promise<BodyOutcome> {
  const refs = Object.values(request.inputs).map((ref) => ("list" in ref ? { list: [...ref.list] } : ref));
  try {
    const answer = await main.process.ask({ type: "keep", refs });
    if (answer.type !== "done") throw new TypeError(`a "${answer.type}" frame answered "keep"`);
    if (answer.missing.length > 0) return { kind: "missing", handles: answer.missing };
    if (answer.error !== null) {
      return {
        kind: "unwritten",
        message: `An input of isolated task "${request.slug}" cannot be copied to its host: ${answer.error}. Hand it plain data.`,
        retryable: false,
      };
    }
  } catch (error) {
    if (error instanceof HostEnded)
      return { kind: "lost", message: "The host that held the inputs ended.", suspect: false };
    throw error;
  }
  // An earlier attempt's value must not stand in the main host for the one that is made now.
  if (!request.hasLoopResult) main.process.tell({ type: "release", ranges: [[request.into, 1]] });
  const session = await open();
  if (session === null) return { kind: "cancelled" };
  const outcome = await session.run(request);
  await session.end(grace);
  return outcome;
}
