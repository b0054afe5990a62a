import type { CallOutcome, CallRequest } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { reportError } from "../core/error-report.ts";
import { callDeadline } from "../core/run-call.ts";
import { callFrames } from "./call-frames.ts";
import { describeEnd } from "./end/host-end.ts";
import type { HostProcess } from "./process/host-process.ts";
import { HostEnded } from "./process/questions.ts";
import { pingGrace } from "./session/deadlines.ts";
import { findThreadHolder } from "./session/thread-holder.ts";

/** Milliseconds to find out whose code holds the thread. */
const inspectorTime = 1_000;

/**
 * Calls a function of the flow in a host, which is ended when the function holds its thread past the deadline.
 */
export async function callHost(host: HostProcess, request: CallRequest): Promise<CallOutcome> {
  const unlimited = request.fn === "environment" && request.hook === "execute";
  const doubt = unlimited ? null : setTimeout(() => void endHeld(host), callDeadline);
  try {
    const about = "slug" in request ? `${request.fn} of ${request.slug}` : request.fn;
    const { ahead, call } = callFrames(request);
    for (const frame of ahead) host.tell(frame);
    return (await host.ask(call, about)).outcome;
  } catch (error) {
    // A state that does not fit into a frame is the end of this call, not of the run.
    if (error instanceof FlowRunnerError) return { kind: "error", error: reportError(error, false) };
    if (!(error instanceof HostEnded)) throw error;
    // User code that ends its host would end the next one too: it is not called again.
    const message = `its host ended: ${describeEnd(error.end)}`;
    return { kind: "error", error: { name: "HostEnded", message, stack: null, retryable: false } };
  } finally {
    if (doubt !== null) clearTimeout(doubt);
  }
}

async function endHeld(host: HostProcess): Promise<void> {
  if (await host.isResponsive(pingGrace)) return;
  // The bodies beside the call have passed their deadlines only because of it.
  host.kill("deadline", await findThreadHolder(host, inspectorTime));
}
