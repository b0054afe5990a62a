import type { ApiCall } from "../../cloud/index.ts";
import { optionalPackage } from "../../config/optional-package.ts";
import type { RunObserver } from "../../engine/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { BodyUse } from "../../host/index.ts";
import type { Recorder, RunIdentity, TelemetryOptions } from "./recorder.ts";

/** What is told of a run to OpenTelemetry. Nothing of it waits, throws, or runs where the flow's own code does. */
export interface Telemetry {
  /** The states of the run and its task runs. */
  readonly observer: RunObserver;
  /** Which run it is, once the API has said so. */
  begin(run: RunIdentity): void;
  used(use: BodyUse): void;
  called(call: ApiCall): void;
  /** Sends what is left; waits `most` milliseconds for a collector, and not at all for one that is not there. */
  close(most: number): Promise<void>;
}

const silent: Telemetry = {
  observer: {},
  begin: () => undefined,
  used: () => undefined,
  called: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Opens what the variables of OpenTelemetry ask for; without one of them nothing is loaded. The packages load beside the
 * run's own start, and what happens until then is told after it, with its times.
 *
 * @param options.warn - told once what keeps traces and metrics from being sent: a run does not fail for them
 */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { env, config, warn } = options;
  const isAsked = Object.entries(env).some(([name, value]) => name.startsWith("OTEL_") && value);
  if (!isAsked || config.otelDisabled.trim().toLowerCase() === "true") return silent;
  let waiting: ((recorder: Recorder) => void)[] | null = [];
  let recorder: Recorder | null = null;
  const opened = optionalPackage("OpenTelemetry", async () =>
    (await import("./open-recorder.ts")).openRecorder(options),
  )
    .then((open) => {
      recorder = open;
      for (const tell of waiting ?? []) tell(open);
    })
    .catch((error: unknown) => warn(`Traces and metrics are not sent: ${messageOf(error)}`))
    .finally(() => {
      waiting = null;
    });
  const tell = (event: (recorder: Recorder) => void): void => {
    if (recorder !== null) event(recorder);
    else waiting?.push(event);
  };
  return {
    observer: {
      onTaskState: (run, state) => {
        const time = Date.now();
        tell((to) => to.taskState(run, state, time));
      },
      onFlowState: (state) => {
        const time = Date.now();
        tell((to) => to.flowState(state, time));
      },
    },
    begin: (run) => tell((to) => to.begin(run)),
    used: (use) => tell((to) => to.used(use)),
    called: (call) => tell((to) => to.called(call)),
    close: async (most) => {
      await opened;
      await recorder?.close(most);
    },
  };
}
