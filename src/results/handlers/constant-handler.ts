import { FlowRunnerError } from "../../errors/flow-runner-error.ts";
import type { HandlerTools, LocationContext, ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";

/**
 * For a task whose result is known beforehand: nothing is stored, and reading gives the constant.
 *
 * The location is the constant as text. Prefect 0.8: `ConstantResultHandler`, location `repr(value)`; the value comes
 * from the flow, never from the state.
 *
 * @throws `RESULT_CONSTANT_DIFFERS` when the task returned something else
 */
export class ConstantResultHandler implements ResultHandler {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  describe(): HandlerDescription {
    return { type: "ConstantResultHandler" };
  }

  async write(value: unknown, _context: LocationContext, _tools: HandlerTools): Promise<string> {
    const { inspect, isDeepStrictEqual } = await import("node:util");
    if (!isDeepStrictEqual(value, this.#value)) throw new FlowRunnerError("RESULT_CONSTANT_DIFFERS", {});
    return inspect(this.#value, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: 200, maxArrayLength: 20 });
  }

  async read(_location: string, _tools: HandlerTools): Promise<unknown> {
    return this.#value;
  }
}
