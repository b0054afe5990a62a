import { FlowRunnerError } from "../../errors/flow-runner-error.ts";
import type { HandlerTools, LocationContext, ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { checkOptions, given, oneOf } from "../options/option-rules.ts";

/** The most that may travel inside a state: Prefect's servers refuse requests above 1 MB. */
const maxBytes = 900_000;

/** @see JSONResultHandler */
export interface JSONOptions {
  /**
   * What becomes of a value that is too large for a state: `refuse` (default) fails the task with its size; `flow` lets
   * the flow's own handler keep it.
   */
  readonly overflow?: "refuse" | "flow";
}

/**
 * Keeps results as JSON inside the task's state: the location is the JSON text itself. For small results (up to
 * 900,000 bytes) that an API should show; refuses, by path, whatever JSON would change.
 *
 * A result of `undefined` is written as `null`. Prefect 0.7: `JSONResultHandler`; 1.x: `PrefectResult`.
 *
 * @throws `RESULT_NOT_JSON`, `RESULT_TOO_LARGE`, `RESULT_DAMAGED` (a location that is no JSON)
 *
 * @example
 * ```ts
 * task("count", ({ rows }: { rows: unknown[] }) => rows.length, { resultHandler: new JSONResultHandler() });
 * ```
 */
export class JSONResultHandler implements ResultHandler {
  readonly #options: JSONOptions;

  constructor(options: JSONOptions = {}) {
    checkOptions("JSONResultHandler", options, { overflow: oneOf("refuse", "flow") });
    this.#options = options;
  }

  /** Whether the flow's handler takes what is too large. */
  get overflowsToFlow(): boolean {
    return this.#options.overflow === "flow";
  }

  describe(): HandlerDescription {
    return { type: "JSONResultHandler", ...given(this.#options) };
  }

  async write(value: unknown, _context: LocationContext, _tools: HandlerTools): Promise<string> {
    const { jsonSerializer } = await import("../values/serializer.ts");
    const text = String(await jsonSerializer.serialize(value as never));
    // In a state it is a text within JSON, where every quote takes two bytes: that is what the API counts.
    const bytes = Buffer.byteLength(JSON.stringify(text));
    if (bytes > maxBytes) throw new FlowRunnerError("RESULT_TOO_LARGE", { bytes, limit: maxBytes });
    return text;
  }

  async read(location: string, _tools: HandlerTools): Promise<unknown> {
    try {
      return JSON.parse(location) as unknown;
    } catch (error) {
      const details = { where: "the task's state", problem: `its JSON cannot be parsed (${String(error)})` };
      throw new FlowRunnerError("RESULT_DAMAGED", details, { cause: error });
    }
  }

  /** Whether a target is JSON, as Prefect 1.x's PrefectResult has it. */
  async exists(location: string, tools: HandlerTools): Promise<boolean> {
    return this.read(location, tools).then(
      () => true,
      () => false,
    );
  }
}
