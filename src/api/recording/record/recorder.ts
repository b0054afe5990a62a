import { createMasker, type Masker } from "../../../secrets/index.ts";
import type { Exchange } from "../file/exchange.ts";
import type { RecordingFile } from "../file/recording-file.ts";
import { secretsIn, withoutSecrets } from "./hide-secrets.ts";

/** Keeps exchanges in a file, without the secrets that are known by then, and cleans what was written of later ones. */
export class Recorder {
  readonly #file: RecordingFile;
  readonly #masker: Masker = createMasker();
  readonly #known = new Set<string>();

  /** @param secrets - that are known from the start */
  constructor(file: RecordingFile, secrets: readonly unknown[]) {
    this.#file = file;
    this.#learn(secrets);
  }

  /** @param secrets - that its headers carried */
  keep(exchange: Exchange, secrets: readonly string[]): void {
    if (this.#learn([...secrets, ...secretsIn(exchange)])) {
      this.#file.rewrite((earlier) => withoutSecrets(earlier, this.#masker));
    }
    this.#file.append(withoutSecrets(exchange, this.#masker));
  }

  /** Whether one of them is new. */
  #learn(secrets: readonly unknown[]): boolean {
    const before = this.#known.size;
    for (const secret of secrets) {
      const json = JSON.stringify(secret);
      if (this.#known.has(json)) continue;
      this.#known.add(json);
      this.#masker.register("secret", secret);
    }
    return this.#known.size > before;
  }
}
