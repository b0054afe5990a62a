import { type Configuration, isTable } from "./configuration.ts";

const prefix = "PREFECT__CONTEXT__";
const secretPrefix = `${prefix}SECRETS__`;

/** What agents put there is text, however much it looks like a number: ids, and `weather:1.10`'s like `1.10`. */
const verbatim: ReadonlySet<string> = new Set(["flow_run_id", "flow_id", "image", "namespace", "flow_file_path"]);

/**
 * The initial run context: `[context]` of the configuration file, and over it the environment:
 * `PREFECT__CONTEXT__A__B=1` is `{ a: { b: 1 } }`, keys in lower case, values cast. Secrets are not in it (see
 * {@link secretsFrom}).
 */
export function contextFrom(configuration: Configuration): Record<string, unknown> {
  const { context: table } = configuration.file.tables;
  const context = isTable(table) ? fromFile(table, configuration) : {};
  delete context.secrets;
  for (const [name, value] of Object.entries(configuration.env)) {
    if (!name.startsWith(prefix) || name.startsWith(secretPrefix) || value === undefined) continue;
    const path = name.slice(prefix.length).toLowerCase().split("__");
    place(context, path, path.length === 1 && verbatim.has(path[0] ?? "") ? value : configuration.value(value));
  }
  return context;
}

/**
 * `[context.secrets]` of the configuration file, and over it `PREFECT__CONTEXT__SECRETS__NAME`: the name keeps its case
 * and the value every character.
 */
export function secretsFrom(configuration: Configuration): Record<string, string> {
  // Without a prototype: a flow may ask for a secret named "constructor".
  const secrets: Record<string, string> = Object.create(null);
  const { context } = configuration.file.tables;
  const inFile = isTable(context) && isTable(context.secrets) ? context.secrets : {};
  for (const [name, value] of Object.entries(inFile)) {
    secrets[name] =
      typeof value === "string" ? configuration.resolveSecret({ text: value, from: "file" }) : JSON.stringify(value);
  }
  for (const [name, value] of Object.entries(configuration.env)) {
    if (name.startsWith(secretPrefix) && value !== undefined) secrets[name.slice(secretPrefix.length)] = value;
  }
  return secrets;
}

function fromFile(table: Readonly<Record<string, unknown>>, configuration: Configuration): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    if (isTable(value)) define(context, key, fromFile(value, configuration));
    else define(context, key, typeof value === "string" ? configuration.value(value) : value);
  }
  return context;
}

function place(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || key === "") return;
  if (rest.length === 0) {
    // A section that was filled from A__B stays when A itself comes later.
    if (!isTable(into[key])) define(into, key, value);
    return;
  }
  if (!isTable(into[key])) define(into, key, {});
  place(into[key] as Record<string, unknown>, rest, value);
}

/** Plain assignment to a key such as `__proto__` would change the prototype instead. */
function define(into: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
}
