import type { Clock, LogLevel, RunObserver } from "../../engine/index.ts";
import type { Masker } from "../../secrets/index.ts";
import { maskedObserver } from "../secrets/masked.ts";

/** Who is told about a run: its caller, and the API once the run is ours. */
export class Audience {
  readonly #clock: Pick<Clock, "now">;
  readonly #observers: RunObserver[];
  /** Tells everybody, the first one first, with the secrets masked. */
  readonly all: RunObserver;

  constructor(first: RunObserver, masker: Masker, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#observers = [first];
    this.all = maskedObserver(
      {
        onTaskState: (run, state) => this.#each((observer) => observer.onTaskState?.(run, state)),
        onTaskKept: (run, state) => this.#each((observer) => observer.onTaskKept?.(run, state)),
        onFlowState: (state) => this.#each((observer) => observer.onFlowState?.(state)),
        onLog: (record) => this.#each((observer) => observer.onLog?.(record)),
      },
      masker,
    );
  }

  /** Is told of everything from now on. */
  join(observer: RunObserver): void {
    this.#observers.push(observer);
  }

  warn(message: string): void {
    this.log("WARNING", message);
  }

  log(level: LogLevel, message: string): void {
    this.all.onLog?.({ time: this.#clock.now(), level, name: "prefect.CloudFlowRunner", message, taskRunId: null });
  }

  #each(tell: (observer: RunObserver) => void): void {
    for (const observer of this.#observers) tell(observer);
  }
}
