/** What a signal asks of the process. */
type Asked = "stop" | "leave" | "nothing";

/**
 * Milliseconds in which the same signal is the same wish: `timeout` sends it to its child and then to the child's group,
 * and npm passes on the Ctrl-C that the terminal has sent already.
 */
const sameWish = 500;

/** Reads what SIGINT and SIGTERM mean, one after the other: the first stops what runs, a later one ends the process at once. */
export class Interruptions {
  #first: { readonly name: string; readonly at: number } | null = null;

  /** @param at - milliseconds of a clock that does not jump */
  take(name: string, at: number): Asked {
    if (this.#first === null) {
      this.#first = { name, at };
      return "stop";
    }
    return name === this.#first.name && at - this.#first.at < sameWish ? "nothing" : "leave";
  }
}
