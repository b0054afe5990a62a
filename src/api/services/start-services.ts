import { messageOf } from "../../errors/message-of.ts";

/** Milliseconds. Prefect Server's services look every 150, 120 and 600 seconds. */
const interval = 15_000;

/** What an API does without being asked. */
export interface Service {
  /** For messages: `the scheduler`. */
  readonly name: string;
  readonly look: () => void;
}

/**
 * Lets each service look at once, and then now and again. A failure (the data file is locked, the disk is full) is said
 * on stderr, keeps the others from nothing, and is made up for by the next look.
 *
 * @returns Ends it.
 */
export function startServices(services: readonly Service[]): () => void {
  const look = (): void => {
    for (const service of services) lookOnce(service);
  };
  look();
  const timer = setInterval(look, interval).unref();
  return () => clearInterval(timer);
}

function lookOnce({ name, look }: Service): void {
  try {
    look();
  } catch (error) {
    process.emitWarning(`The API's ${name} has failed, and looks again soon: ${messageOf(error)}`);
  }
}
