import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { expandPath } from "./cast.ts";

/** What Prefect's configuration file says. */
export interface ConfigFile {
  /** For messages. */
  readonly path: string;
  /** Its tables as they are written: `{ cloud: { heartbeat_interval: 10 } }`. */
  readonly tables: Readonly<Record<string, unknown>>;
}

export const noConfigFile: ConfigFile = { path: "", tables: {} };

/**
 * Reads Prefect's configuration file, `PREFECT__USER_CONFIG_PATH` or `~/.prefect/config.toml`. One that is not there is
 * empty: the images of Prefect 0.7 name a file that few of them hold.
 *
 * @throws FlowRunnerError `CONFIG_FILE_INVALID`
 */
export function readConfigFile(env: NodeJS.ProcessEnv): ConfigFile {
  const home = { ...env, HOME: env.HOME || homedir() };
  const path = expandPath(env.PREFECT__USER_CONFIG_PATH || "~/.prefect/config.toml", home);
  const content = readText(path);
  return content === null ? noConfigFile : { path, tables: parseToml(path, content) };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw new FlowRunnerError("CONFIG_FILE_INVALID", { path, reason: messageOf(error) });
  }
}

/** The reason names a line, never a value: the file may hold keys. */
function parseToml(path: string, content: string): Record<string, unknown> {
  // Few containers have such a file, and the others need no parser.
  const { parse, TomlError } = createRequire(import.meta.url)("smol-toml") as typeof import("smol-toml");
  try {
    return parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = `line ${error.line}, column ${error.column} is not TOML`;
    throw new FlowRunnerError("CONFIG_FILE_INVALID", { path, reason });
  }
}
