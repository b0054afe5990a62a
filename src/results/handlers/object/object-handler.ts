import { FlowRunnerError } from "../../../errors/flow-runner-error.ts";
import type { HandlerTools, LocationContext, ResultHandler } from "../../../flow/result-handler.ts";
import type { HandlerDescription } from "../../../state/index.ts";
import { type ObjectOptions, objectDefaults } from "../../options/object-options.ts";
import { given } from "../../options/option-rules.ts";
import type { ObjectAccess } from "../../stores/access/object-access.ts";
import type { ObjectStore, StoreLimits } from "../../stores/object-store.ts";

/**
 * A handler that keeps each result as one object with a header (see `format/header.ts`). The store is opened by the
 * first read or write, and once for all of them.
 */
export abstract class ObjectResultHandler implements ResultHandler {
  readonly #options: ObjectOptions;
  #opened: Promise<ObjectAccess> | null = null;

  constructor(options: ObjectOptions) {
    this.#options = options;
  }

  /** Its type and its own options; the ones that all object handlers share are added. */
  protected abstract describeOwn(): HandlerDescription;
  protected abstract openStore(tools: HandlerTools, limits: StoreLimits): Promise<ObjectStore>;
  /** The location of a result whose author chose none. */
  protected abstract defaultLocation(now: Date): Promise<string>;
  /** The store's key of a location. */
  protected async keyOf(location: string): Promise<string> {
    return location;
  }

  describe(): HandlerDescription {
    const { location, serializer, compression, attempts, timeout, parallel } = this.#options;
    const serializerName = typeof serializer === "object" ? serializer.name : serializer;
    const shared = { location, serializer: serializerName, compression, attempts, timeout, parallel };
    return { ...this.describeOwn(), ...given(shared) };
  }

  write(value: unknown, context: LocationContext, tools: HandlerTools): Promise<string> {
    return this.#with(tools, async (access) => {
      const location = await this.#locationFor(context);
      tools.checkLocation?.(location);
      const key = await this.keyOf(location);
      await access.write(key, value, tools.signal);
      return key;
    });
  }

  /**
   * Reads a result back. A stream comes back as a Readable, which fails at its end with `RESULT_DAMAGED` when it is not
   * what was written; a file as a FileResult whose `path` is a verified copy.
   */
  read(location: string, tools: HandlerTools): Promise<unknown> {
    return this.#with(tools, async (access) =>
      access.read(await this.keyOf(location), tools.signal, tools.scratch ?? null),
    );
  }

  exists(location: string, tools: HandlerTools): Promise<boolean> {
    return this.#with(tools, async (access) => access.exists(await this.keyOf(location), tools.signal));
  }

  async #locationFor(context: LocationContext): Promise<string> {
    if (context.target !== undefined) return context.target;
    const template = this.#options.location;
    if (template === undefined) return this.defaultLocation(new Date());
    const { formatLocation } = await import("../../location/template.ts");
    return formatLocation(template, context);
  }

  async #with<Result>(tools: HandlerTools, use: (access: ObjectAccess) => Promise<Result>): Promise<Result> {
    this.#opened ??= this.#open(tools);
    const opened = this.#opened;
    try {
      return await use(await opened);
    } catch (error) {
      // The next attempt takes the credentials anew: they may have expired, or been corrected.
      const refused = error instanceof FlowRunnerError && error.code === "RESULT_DENIED";
      const unopened = await opened.then(
        () => false,
        () => true,
      );
      if ((refused || unopened) && this.#opened === opened) this.#opened = null;
      throw error;
    }
  }

  async #open(tools: HandlerTools): Promise<ObjectAccess> {
    const { ObjectAccess } = await import("../../stores/access/object-access.ts");
    const options = { ...objectDefaults, ...this.#options };
    return new ObjectAccess(await this.openStore(tools, options), options);
  }
}
