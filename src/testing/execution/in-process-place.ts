import type { BodyOutcome, BodyRequest, LogRecord } from "../../engine/index.ts";
import { inProcessHost, MemoryResults, type RunDetails } from "../../host/index.ts";
import type { FlowHost, HostPorts, Place, RunHost } from "../../run/execute/place/place.ts";
import type { TestClock } from "../time/test-clock.ts";
import type { KeptValues } from "./kept-values.ts";
import type { MockedFlow } from "./mocks.ts";

export interface InProcessOptions {
  readonly mocked: MockedFlow;
  readonly clock: TestClock;
  readonly connect: NonNullable<Place["connect"]>;
  /** Is given the values that no result handler has persisted. */
  readonly values: KeptValues;
}

/**
 * This very process, with a clock that jumps over waits, in the place of a container. What is soft in it: a body that holds
 * the thread holds everything, and `isolated` has no effect.
 */
export function inProcessPlace({ mocked, clock, connect, values }: InProcessOptions): Place {
  return {
    clock,
    besideClock: clock.beside,
    connect,
    calling: (sending) => void clock.during(sending).catch(() => undefined),
    openHost: (ports) => openHost(ports, { mocked, clock, values }),
  };
}

function openHost(ports: HostPorts, { mocked, clock, values }: Omit<InProcessOptions, "connect">): FlowHost {
  let host: ReturnType<typeof inProcessHost> | null = null;
  const opened = (): ReturnType<typeof inProcessHost> => {
    if (host === null) throw new TypeError("the host was not told about the run");
    return host;
  };
  const adapter: RunHost = {
    run: async (request) => {
      const { slug, mapIndex, into } = request;
      const running = withDeadline(opened(), request, clock);
      // Nothing else ends such a body: it is to be waited for by the clock, too.
      const outcome = await (mocked.hangs(slug, mapIndex) ? running : clock.during(running));
      if (outcome.kind === "success" && outcome.stored === null) values.keep(slug, mapIndex, opened().value(into));
      return outcome;
    },
    call: (request) => clock.during(opened().call(request)),
    measure: (ref) => opened().measure(ref),
    probe: (request) => clock.during(opened().probe(request)),
    read: (request) => clock.during(opened().read(request)),
    mark: (handle, kind, message) => opened().mark(handle, kind, message),
    release: (ranges) => opened().release(ranges),
    detail: (details: RunDetails) => {
      host = inProcessHost({
        flow: mocked.flow,
        details,
        memory: new MemoryResults(),
        log: stamped(ports.log, clock),
        ask: ports.ask,
        runFlow: ports.runFlow,
      });
    },
    cancel: (reason) => host?.cancel(reason),
    close: async () => host?.cancel("the run is over"),
  };
  return {
    host: adapter,
    load: async () => ({ graph: mocked.flow.graph, replaced: null, ranWith: null, warnings: [] }),
  };
}

/** The reason with which a body is told that its time is over. */
class OverTime extends Error {
  override readonly name = "TimeoutError";
}

/** A body's timeout is of the clock's time, and so is when it wants to be tried again; the body itself has the machine's. */
async function withDeadline(
  host: ReturnType<typeof inProcessHost>,
  request: BodyRequest,
  clock: TestClock,
): Promise<BodyOutcome> {
  const body = new AbortController();
  const done = new AbortController();
  const { timeout } = request;
  if (timeout !== null) {
    void clock.until(clock.now() + timeout, done.signal).then(() => {
      if (!done.signal.aborted) body.abort(new OverTime(`the task is over its timeout of ${timeout} ms`));
    });
  }
  const began = { machine: Date.now(), clock: clock.now() };
  const outcome = await host.run({ ...request, timeout: null }, body);
  done.abort();
  if (outcome.kind === "cancelled" && body.signal.reason instanceof OverTime)
    return { kind: "timedOut", message: null };
  if ((outcome.kind !== "retry" && outcome.kind !== "pause") || outcome.startTime === null) return outcome;
  return { ...outcome, startTime: outcome.startTime - began.machine + began.clock };
}

/** By the clock's time, in order: several lines of one millisecond are apart by the fraction. */
function stamped(log: (record: LogRecord) => void, clock: TestClock): (record: LogRecord) => void {
  let last = 0;
  return (record) => {
    last = Math.max(clock.now(), last + 0.001);
    log({ ...record, time: last });
  };
}
