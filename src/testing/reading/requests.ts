import type { Fault, SeenOperation } from "../../api/index.ts";

/** An operation that the API was asked for. */
export interface TestRequest {
  /** Names of Prefect 1.x: `set_task_run_states`. */
  readonly operations: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds by the API's clock. */
  readonly time: number;
  /** What went wrong with it; null: nothing. */
  readonly fault: Fault | null;
}

/** What an API was asked, in order. */
export class SeenRequests {
  readonly #all: TestRequest[] = [];

  add({ operations, variables, time, fault }: SeenOperation): void {
    this.#all.push({ operations, variables, time, fault });
  }

  get count(): number {
    return this.#all.length;
  }

  since(count: number): readonly TestRequest[] {
    return this.#all.slice(count);
  }
}
