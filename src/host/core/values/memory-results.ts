import { FlowRunnerError } from "../../../errors/index.ts";
import type { StoredResult } from "../../../state/index.ts";

/** The name under which a value that lives only in this process is known. */
export const memoryHandler = "MemoryResultHandler";

/** Results that are kept only in this process: what `flow.run()` caches where there is no handler. */
export class MemoryResults {
  readonly #values = new Map<string, unknown>();

  write(value: unknown): StoredResult {
    const location = crypto.randomUUID();
    this.#values.set(location, value);
    return { handler: { type: memoryHandler }, location };
  }

  read(location: string): unknown {
    if (!this.#values.has(location)) throw new FlowRunnerError("MEMORY_RESULT_GONE", { location });
    return this.#values.get(location);
  }
}
