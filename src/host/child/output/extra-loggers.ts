import type { LogLevel } from "../../../engine/index.ts";

/**
 * A line that the package `debug` has printed: `2026-11-25T18:20:00.000Z express:router use / query`; up to its version 2
 * the time is `Wed, 25 Nov 2026 18:20:00 GMT`.
 */
const debugLine = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT) (\S+) (.*?)\n?$/s;

/** What one of the loggers that the configuration names has said. */
export interface LoggerLine {
  readonly level: LogLevel;
  readonly name: string;
  readonly message: string;
}

/**
 * The loggers of libraries that `PREFECT__LOGGING__EXTRA_LOGGERS` names. In Node they are those of the package `debug`,
 * which libraries have in common: it prints what is switched on by name, and that is told as a record of that logger.
 */
export class ExtraLoggers {
  readonly #names: string[] = [];

  /** Must come before the flow's modules are loaded: `debug` looks at its variable once. */
  hear(names: readonly string[], env: NodeJS.ProcessEnv): void {
    if (names.length === 0) return;
    this.#names.push(...names);
    const wanted = names.flatMap((name) => [name, `${name}:*`]);
    env.DEBUG = [...(env.DEBUG ? [env.DEBUG] : []), ...wanted].join(",");
  }

  /** Null: it is no line of theirs. */
  read(printed: string): LoggerLine | null {
    if (this.#names.length === 0) return null;
    const [, name, message] = debugLine.exec(printed) ?? [];
    if (name === undefined || message === undefined) return null;
    const isNamed = this.#names.some((each) => name === each || name.startsWith(`${each}:`));
    return isNamed ? { level: "INFO", name, message } : null;
  }
}
