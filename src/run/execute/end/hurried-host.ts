import type { BodyOutcome, CallOutcome, Host } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import { hostAround } from "../../host-around.ts";
import { aborted } from "./stop.ts";

const cancelled: BodyOutcome = { kind: "cancelled" };
const nothingSaid: CallOutcome = { kind: "ok", state: null, fires: false };
const unanswered = (): never => {
  throw new FlowRunnerError("HOST_BROKEN", { reason: "it has not answered before this process has to end" });
};

/**
 * A host that nobody waits for once there is no more time: a body counts as cancelled then, and a handler that has not
 * answered leaves the state as it is; what else is asked of it breaks off. What becomes of the task runs must be told, or kept, before the process is killed.
 */
export function hurriedHost(host: Host, late: AbortSignal): Host {
  const whenLate = aborted(late);
  const before = <Outcome>(outcome: Promise<Outcome>, instead: () => Outcome): Promise<Outcome> =>
    Promise.race([outcome, whenLate.then(instead)]);
  return hostAround(host, {
    run: (request) => before(host.run(request), () => cancelled),
    call: (request) => (late.aborted ? Promise.resolve(nothingSaid) : before(host.call(request), () => nothingSaid)),
    measure: (ref) => before(host.measure(ref), unanswered),
    probe: (request) => before(host.probe(request), unanswered),
    read: (request) => before(host.read(request), unanswered),
  });
}
