import { FlowRunnerError } from "../../errors/flow-runner-error.ts";
import type { HandlerTools, LocationContext, ResultHandler } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { checkOptions, type OptionRule, required, text } from "../options/option-rules.ts";
import { kindOf } from "../values/kind-of.ts";

/**
 * A result handler of your own: extend it with `save` and `load`. It runs in the host; its location is what `save`
 * gives back.
 *
 * @throws `RESULT_CUSTOM_INVALID` when `save` gives no location, or `load` gives undefined
 *
 * @example
 * ```ts
 * class RedisResultHandler extends CustomResultHandler {
 *   protected async save(value: unknown, context: LocationContext) {
 *     await redis.set(context.task_run_id, JSON.stringify(value));
 *     return context.task_run_id;
 *   }
 *   protected async load(location: string) {
 *     const text = await redis.get(location);
 *     if (text === null) throw new Error(`redis has no ${location}`);
 *     return JSON.parse(text);
 *   }
 * }
 * ```
 */
export abstract class CustomResultHandler implements ResultHandler {
  /** Persists a value and gives its location: a text that is not empty. */
  protected abstract save(value: unknown, context: LocationContext, tools: HandlerTools): string | Promise<string>;
  /** Gives back what was saved, or throws; `undefined` counts as nothing found. */
  protected abstract load(location: string, tools: HandlerTools): unknown;

  /** For messages. */
  protected get title(): string {
    return this.constructor.name;
  }

  describe(): HandlerDescription {
    return { type: "CustomResultHandler", name: this.title };
  }

  async write(value: unknown, context: LocationContext, tools: HandlerTools): Promise<string> {
    const location: unknown = await this.save(value, context, tools);
    if (typeof location === "string" && location !== "") return location;
    const problem = `gave ${kindOf(location)} as the location of what it wrote, where a text that is not empty is needed`;
    throw new FlowRunnerError("RESULT_CUSTOM_INVALID", { handler: this.title, problem });
  }

  async read(location: string, tools: HandlerTools): Promise<unknown> {
    const value: unknown = await this.load(location, tools);
    if (value !== undefined) return value;
    const problem = `found nothing at "${location}" (it gave undefined)`;
    throw new FlowRunnerError("RESULT_CUSTOM_INVALID", { handler: this.title, problem });
  }
}

/** The two functions of a custom handler, and what they may say besides. */
export interface CustomOptions {
  /** For messages; default `custom`. */
  readonly name?: string;
  write(value: unknown, context: LocationContext, tools: HandlerTools): string | Promise<string>;
  read(location: string, tools: HandlerTools): unknown;
  /** For tasks with a `target`. */
  exists?(location: string, tools: HandlerTools): boolean | Promise<boolean>;
}

/**
 * A result handler made of two functions.
 *
 * @throws `RESULT_OPTION_INVALID`
 *
 * @example
 * ```ts
 * const inMemory = new Map<string, unknown>();
 * customResultHandler({
 *   write: (value, context) => { inMemory.set(context.task_full_name, value); return context.task_full_name; },
 *   read: (location) => inMemory.get(location),
 * });
 * ```
 */
export function customResultHandler(options: CustomOptions): ResultHandler {
  checkOptions("customResultHandler", options, { name: text, write: required(fn), read: required(fn), exists: fn });
  const { exists } = options;
  const handler = new FunctionsHandler(options);
  if (exists === undefined) return handler;
  return Object.assign(handler, {
    exists: async (location: string, tools: HandlerTools): Promise<boolean> => exists(location, tools),
  });
}

const fn: OptionRule = { expected: "a function", accepts: (value) => typeof value === "function" };

class FunctionsHandler extends CustomResultHandler {
  readonly #options: CustomOptions;

  constructor(options: CustomOptions) {
    super();
    this.#options = options;
  }

  protected override get title(): string {
    return this.#options.name ?? "custom";
  }

  protected save(value: unknown, context: LocationContext, tools: HandlerTools): string | Promise<string> {
    return this.#options.write(value, context, tools);
  }

  protected load(location: string, tools: HandlerTools): unknown {
    return this.#options.read(location, tools);
  }
}
