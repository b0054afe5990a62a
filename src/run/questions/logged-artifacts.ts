import type { LogRecord } from "../../engine/index.ts";
import type { ArtifactChange, ArtifactForm } from "../../flow/index.ts";

/** Characters of an artifact's data in a line of the log: an image may be all in its address. */
const mostShown = 10_000;

/** Artifacts of a run whose API has no place for them: they are told in its log. */
export class LoggedArtifacts {
  readonly #log: (record: LogRecord) => void;
  readonly #names = new Map<string, string>();

  constructor(log: (record: LogRecord) => void) {
    this.#log = log;
  }

  create({ type, key, description, data }: ArtifactForm, taskRunId: string | null): string {
    const id = crypto.randomUUID();
    this.#names.set(id, key ?? id);
    this.#tell(key ?? id, type === "progress" ? `${data} %` : `${type}\n${cut(String(data))}`, description, taskRunId);
    return id;
  }

  update(id: string, { data, description }: ArtifactChange, taskRunId: string | null): void {
    this.#tell(this.#names.get(id) ?? id, `${data} %`, description ?? null, taskRunId);
  }

  #tell(name: string, text: string, description: string | null, taskRunId: string | null): void {
    const about = description === null ? "" : ` (${description})`;
    const message = `Artifact ${name}${about}: ${text}`;
    this.#log({ time: Date.now(), level: "INFO", name: "prefect.artifacts", message, taskRunId });
  }
}

const cut = (text: string): string =>
  text.length <= mostShown ? text : `${text.slice(0, mostShown)} … (${text.length - mostShown} more characters)`;
