import { existsSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { appendLines } from "./append-lines.ts";
import { stateLine, type Teller, type UndeliveredState } from "./kept-line.ts";

/**
 * The states that could not be delivered, in order, on disk from the moment that is known: the container may be killed
 * before it can say so. One JSON object a line.
 */
export class UndeliveredStates {
  readonly teller: Teller;
  readonly #file: string;
  readonly #warn: (message: string) => void;
  /** Bytes that an earlier container of this run has left in the file. */
  #before = 0;
  #states: readonly UndeliveredState[] = [];
  #isKept = true;

  constructor(folder: string, teller: Teller, warn: (message: string) => void) {
    this.teller = teller;
    this.#file = join(folder, `${teller.flowRunId}.states.jsonl`);
    this.#warn = warn;
  }

  get all(): readonly UndeliveredState[] {
    return this.#states;
  }

  /** The file they are in; null: there are none, or the disk did not take them. */
  get file(): string | null {
    return this.#states.length > 0 && this.#isKept ? this.#file : null;
  }

  add(state: UndeliveredState): void {
    if (this.#states.length === 0) this.#before = existsSync(this.#file) ? statSync(this.#file).size : 0;
    this.#states = [...this.#states, state];
    this.#keep([state]);
  }

  /** The others were delivered after all. */
  keepOnly(states: readonly UndeliveredState[]): void {
    if (this.#isKept && existsSync(this.#file)) {
      if (this.#before === 0) rmSync(this.#file);
      else truncateSync(this.#file, this.#before);
    }
    this.#states = [...states];
    if (states.length > 0) this.#keep(states);
  }

  #keep(states: readonly UndeliveredState[]): void {
    const problem = appendLines(
      this.#file,
      states.map((state) => stateLine(this.teller, state)),
    );
    if (problem === null) return;
    this.#isKept = false;
    this.#warn(`States that could not be delivered could not be kept in ${this.#file} either: ${problem}`);
  }
}
