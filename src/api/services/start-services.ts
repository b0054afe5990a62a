import { messageOf } from "../../errors/message-of.ts";

/** Milliseconds. Prefect Server's services look every 150, 120 and 600 seconds. */
const interval = 15_000;

/** What an API does without being asked. */
export interface Service {
  /** For messages: `the scheduler`. */
  readonly name: string;
  readonly look: () => void;
}

/** The services of an API, at work. */
export interface RunningServices {
  /** Lets each of them look. */
  readonly lookNow: () => void;
  readonly stop: () => void;
}

/**
 * Lets each service look at once, and then now and again. A failure (the data file is locked, the disk is full) is said
 * on stderr, keeps the others from nothing, and is made up for by the next look.
 */
export function startServices(services: readonly Service[]): RunningServices {
  const lookNow = (): void => {
    for (const service of services) lookOnce(service);
  };
  lookNow();
  const timer = setInterval(lookNow, interval).unref();
  return { lookNow, stop: () => clearInterval(timer) };
}

function lookOnce({ name, look }: Service): void {
  try {
    look();
  } catch (error) {
    process.emitWarning(`The API's ${name} has failed, and looks again soon: ${messageOf(error)}`);
  }
}
