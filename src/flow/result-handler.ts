import type { HandlerDescription } from "../state/index.ts";

/**
 * Everything a location template may use: `{flow_name}/{task_name}-{map_index}`, `{parameters[day]}`, an input's name.
 * Names are Prefect's.
 */
export interface LocationContext {
  readonly flow_name: string;
  readonly flow_run_id: string;
  readonly task_name: string;
  readonly task_slug: string;
  /** `name` or `name[3]`. */
  readonly task_full_name: string;
  readonly task_run_id: string;
  readonly map_index: number | null;
  /** ISO dates of the run's scheduled start, UTC. */
  readonly date: string;
  readonly today: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** For a task with a `target`: the finished location to write to, in place of the handler's own template. */
  readonly target?: string;
}

/** What a handler gets to work with, at the moment of reading or writing. */
export interface HandlerTools {
  /** Fetches a secret by name; a handler takes its credentials from here or from the ambient chain. */
  secret(name: string): Promise<unknown>;
  readonly signal: AbortSignal;
  /** A folder for files that a read downloads, removed by its owner at the end of the run; default: one under the system's temporary folder. */
  readonly scratch?: string;
  /** Throws for a location that must not be kept with the run, since it holds a secret. Called before a write. */
  checkLocation?(location: string): void;
}

/**
 * A result handler as its author declares it: a light description. The machinery behind it is loaded by dynamic import
 * inside `read` and `write`.
 */
export interface ResultHandler {
  /** Plain data: goes into states and the manifest. */
  describe(): HandlerDescription;
  /** Persists a value; resolves with its location. Throws a FlowRunnerError that says what could not be written. */
  write(value: unknown, context: LocationContext, tools: HandlerTools): Promise<string>;
  /** Reads a value back; throws for whatever is not exactly what was written. Never an empty value. */
  read(location: string, tools: HandlerTools): Promise<unknown>;
  /** Whether an object is at this location (for `target`). */
  exists?(location: string, tools: HandlerTools): Promise<boolean>;
}
