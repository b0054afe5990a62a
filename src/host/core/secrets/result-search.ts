import { FlowRunnerError } from "../../../errors/index.ts";
import { FileResult, isStream } from "../../../results/index.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { searchedStream, searchFile } from "./searched-stream.ts";

/** Searches a result for secrets before it is persisted; a stream while it is. */
export class ResultSearch {
  readonly #secrets: HostSecrets;
  readonly #task: string;
  #refusal: FlowRunnerError | null = null;

  constructor(secrets: HostSecrets, task: string) {
    this.#secrets = secrets;
    this.#task = task;
  }

  /**
   * What is to be written for a value: the value itself, or a stream that fails where it holds a secret.
   *
   * @throws FlowRunnerError `SECRET_IN_RESULT`
   */
  async of(value: unknown): Promise<unknown> {
    if (this.#secrets.isEmpty) return value;
    if (isStream(value)) return searchedStream(value, this.#refuse);
    this.#refuse(value);
    if (value instanceof FileResult) {
      await searchFile(value.path, this.#refuse).catch(() => {
        // A file that cannot be read is the handler's to tell of.
      });
      if (this.#refusal !== null) throw this.#refusal;
    }
    return value;
  }

  /** Why a write has failed: a store tells of a stream that was refused in words of its own. */
  reason(error: unknown): unknown {
    return this.#refusal ?? error;
  }

  readonly #refuse = (part: unknown): void => {
    const found = this.#secrets.findIn(part);
    if (found === null) return;
    this.#refusal = new FlowRunnerError("SECRET_IN_RESULT", { task: this.#task, ...found });
    throw this.#refusal;
  };
}
