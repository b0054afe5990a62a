import type { Handle } from "../ports.ts";
import type { TaskRun } from "./task-run.ts";

interface Block {
  readonly first: Handle;
  readonly runs: readonly TaskRun[];
}

/** Gives out handles and finds the task run behind one: mapped children share a block of consecutive numbers. */
export class HandleBook {
  #next: Handle;
  readonly #blocks: Block[] = [];

  /** @param first - the first handle that it gives out */
  constructor(first: Handle = 1) {
    this.#next = first;
  }

  /** The handle that it gives out next. */
  get next(): Handle {
    return this.#next;
  }

  /** Makes `count` task runs, each with the next handle. */
  allot(count: number, make: (handle: Handle, index: number) => TaskRun): readonly TaskRun[] {
    const first = this.#next;
    this.#next += count;
    const runs = Array.from({ length: count }, (_, index) => make(first + index, index));
    if (count > 0) this.#blocks.push({ first, runs });
    return runs;
  }

  ownerOf(handle: Handle): TaskRun | null {
    const block = this.#blocks.findLast(({ first }) => first <= handle);
    return block?.runs[handle - block.first] ?? null;
  }
}
