import type { HandlerTools } from "../../flow/result-handler.ts";
import type { HandlerDescription } from "../../state/index.ts";
import { type ObjectOptions, objectRules } from "../options/object-options.ts";
import { checkOptions, given, text } from "../options/option-rules.ts";
import type { ObjectStore } from "../stores/object-store.ts";
import { ObjectResultHandler } from "./object/object-handler.ts";

/** @see LocalResultHandler */
export interface LocalOptions extends ObjectOptions {
  /** A folder; `~/` is the home folder of the process that runs the flow. Default `results` in `PREFECT__HOME_DIR` (`~/.prefect`). */
  readonly dir?: string;
}

/**
 * Keeps results as files of a folder; any structured-cloneable value, Buffers, streams and files. A file appears only
 * when it is complete. The location that a state keeps is the absolute path.
 *
 * Prefect 1.x: `LocalResult(dir)`, with the same default folder and `prefect-result-<time>` names.
 *
 * @throws `RESULT_OPTION_INVALID`
 *
 * @example
 * ```ts
 * flow("weather", build, { resultHandler: new LocalResultHandler({ dir: "/data", location: "{flow_name}/{task_full_name}" }) });
 * ```
 */
export class LocalResultHandler extends ObjectResultHandler {
  readonly #dir: string | undefined;

  constructor(options: LocalOptions = {}) {
    checkOptions("LocalResultHandler", options, { dir: text, ...objectRules });
    super(options);
    this.#dir = options.dir;
  }

  protected describeOwn(): HandlerDescription {
    return { type: "LocalResultHandler", ...given({ dir: this.#dir }) };
  }

  protected async defaultLocation(now: Date): Promise<string> {
    const { defaultFileName } = await import("../location/default-location.ts");
    return defaultFileName(now);
  }

  protected override async keyOf(location: string): Promise<string> {
    const { resolve } = await import("node:path");
    return resolve(await this.#folder(), location);
  }

  protected async openStore(_tools: HandlerTools): Promise<ObjectStore> {
    const { FileStore } = await import("../stores/adapters/file-store.ts");
    return new FileStore(await this.#folder());
  }

  async #folder(): Promise<string> {
    const { homedir } = await import("node:os");
    const { join, resolve } = await import("node:path");
    if (this.#dir === undefined) return join(process.env.PREFECT__HOME_DIR || join(homedir(), ".prefect"), "results");
    return this.#dir.startsWith("~/") ? join(homedir(), this.#dir.slice(2)) : resolve(this.#dir);
  }
}
