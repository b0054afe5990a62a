import type { Clock } from "../../../engine/index.ts";
import type { WatchOptions } from "../../port/prefect3.ts";
import type { RestClient } from "../client/rest-client.ts";
import { goesOn, subscribe } from "./flow-run-events.ts";

/** Milliseconds between two questions while there is no subscription. */
const askEvery = 1_500;
/** Milliseconds before another subscription is tried. */
const firstPause = 1_000;
const longestPause = 30_000;

export interface WatchFlowRunOptions extends WatchOptions {
  readonly clock: Clock;
  /** There is a subscription again: where a server has ended the one before, another one may have taken its place. */
  reopened(): void;
}

/**
 * Calls `changed` whenever somebody may have said that the flow run is not to go on, or is resumed: within milliseconds by a
 * subscription to its events, and where there is none (a proxy, a server without) every one and a half seconds.
 */
export async function watchFlowRun(
  client: RestClient,
  flowRunId: string,
  { clock, signal, isPaused, changed, reopened }: WatchFlowRunOptions,
): Promise<void> {
  let isOpen = false;
  let wasOpen = false;
  const ask = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.until(clock.now() + askEvery, signal);
      if (!isOpen && !signal.aborted) changed();
    }
  };
  void ask();
  for (let pause = firstPause; !signal.aborted; pause = Math.min(longestPause, pause * 2)) {
    await subscribedOnce((closed) => {
      const end = subscribe(client, flowRunId, clock.now(), {
        onOpen: () => {
          if (wasOpen) reopened();
          isOpen = true;
          wasOpen = true;
          pause = firstPause;
          // What has happened before it stood is looked for, not waited for.
          changed();
        },
        onEvent: (name) => {
          if (name !== goesOn || isPaused()) changed();
        },
        onClose: closed,
      });
      signal.addEventListener("abort", end, { once: true });
    });
    isOpen = false;
    await clock.until(clock.now() + pause, signal);
  }
}

const subscribedOnce = (begin: (closed: () => void) => void): Promise<void> => new Promise((resolve) => begin(resolve));
