import { castValue, expandPath } from "./cast.ts";
import type { ConfigFile } from "./config-file.ts";

/** Where a value was found: in the environment, or in Prefect's configuration file. */
export interface Found {
  readonly text: string;
  readonly from: "environment" | "file";
}

/** Prefect's own defaults, as far as values refer to them: `api = "${server.endpoint}"`. */
const prefectDefaults: Readonly<Record<string, string>> = {
  home_dir: "~/.prefect",
  "server.host": "http://localhost",
  "server.port": "4200",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in Prefect's own way.
  "server.endpoint": "${server.host}:${server.port}",
  "cloud.endpoint": "https://api.prefect.io",
};

/** Prefect gives up after as many steps, so that a value that refers to itself comes to an end. */
const mostSteps = 10;

/** `${cloud.api}`, or `${NAME}` of the environment, and nothing else. */
const wholeReference = /^\$\{[^${}]+\}$/;

/**
 * Prefect's configuration as text: the file, and over it the environment. Prefect 0.7 and 1.x: `prefect.config`.
 */
export class Configuration {
  readonly env: NodeJS.ProcessEnv;
  readonly file: ConfigFile;
  /** Of the file, by the name of the variable that says the same: `PREFECT__CLOUD__API`. */
  readonly #inFile: ReadonlyMap<string, string>;

  constructor(env: NodeJS.ProcessEnv, file: ConfigFile) {
    this.env = env;
    this.file = file;
    this.#inFile = new Map(flatten("PREFECT", file.tables));
  }

  /**
   * The first of several names that is set and not empty. The environment decides alone as soon as it has one of them,
   * though it be empty: an agent whose API needs no key sets `PREFECT__CLOUD__API_KEY=""`, and a key for another API that
   * lies in the image must not be sent there.
   */
  *find(names: readonly string[]): Generator<Found & { readonly name: string }> {
    const named = names.some((name) => this.env[name] !== undefined);
    for (const name of names) {
      const text = named ? this.env[name] : this.#inFile.get(name);
      if (text !== undefined && text !== "") yield { name, text, from: named ? "environment" : "file" };
    }
  }

  /** Every variable that is set or has its like in the file. */
  get names(): ReadonlySet<string> {
    return new Set([...Object.keys(this.env), ...this.#inFile.keys()]);
  }

  /** Replaces `$NAME`, `~` and references to other values of the configuration (`${cloud.api}`). */
  resolve(text: string): string {
    let resolved = expandPath(text, this.env);
    for (let step = 0; step < mostSteps; step += 1) {
      const next = resolved.replace(/\$\{([^${}]+)\}/, (_, key: string) => this.#valueOf(key));
      if (next === resolved) break;
      resolved = next;
    }
    return resolved;
  }

  /** The same, and cast. What came together from references stays text: Prefect casts before it looks at them. */
  value(text: string): unknown {
    const cast = castValue(expandPath(text, this.env));
    if (typeof cast !== "string") return cast;
    const resolved = this.resolve(cast);
    return resolved !== cast && wholeReference.test(cast) ? castValue(resolved) : resolved;
  }

  /** Of a key or token only what is nothing but a variable or a reference is replaced: else its own characters count. */
  resolveSecret({ text, from }: Found): string {
    return from === "file" && (wholeReference.test(text) || /^\$\w+$/.test(text)) ? this.resolve(text) : text;
  }

  #valueOf(key: string): string {
    const variable = `PREFECT__${key.toUpperCase().replaceAll(".", "__")}`;
    const own = this.env[variable] ?? this.#inFile.get(variable) ?? prefectDefaults[key] ?? "";
    return expandPath(own, this.env);
  }
}

/** `{ cloud: { api: "x" } }` is `PREFECT__CLOUD__API` = x. */
function* flatten(prefix: string, table: Readonly<Record<string, unknown>>): Generator<[string, string]> {
  for (const [key, value] of Object.entries(table)) {
    const name = `${prefix}__${key.toUpperCase()}`;
    if (isTable(value)) yield* flatten(name, value);
    else yield [name, typeof value === "string" ? value : textOf(value)];
  }
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : value instanceof Date ? value.toISOString() : String(value);
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
