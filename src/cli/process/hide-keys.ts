import { closeSync, ftruncateSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostEnvironment, withheldVariables } from "../../host/runner/process/host-environment.ts";

/** Says to what takes this process's place that the keys are on its standard input. */
const mark = "FLOW_RUNNER_KEYS_ON_STDIN";
/** The init that this process is to put before itself: absolute path and flags. The image's command sets it. */
const initWords = "FLOW_RUNNER_INIT";
/** SIGUSR1 opens Node's inspector, by which any process of the same user could ask for the key. */
const noInspector = "--disable-sigusr1";

/** In a small container Node's own limit of V8's heap lies above the container's: garbage would be collected too late. */
const heapShare = "--max-old-space-size-percentage=75";

const stdin = 0;

/**
 * Takes the API's keys and the secrets out of the environment that this process was started with, which stays readable
 * in `/proc/PID/environ` for everybody of the same user, also when a variable is deleted. The process is replaced by one
 * of the same id that finds them on its standard input, which `execute` has no other use for; there this puts them back
 * into `process.env`, which nobody else sees.
 *
 * Where a process cannot be replaced (Windows) or nothing can be written, it goes on as it is.
 */
export function hideKeys(): void {
  if (takeFromStdin()) return;
  const { [initWords]: init = "", ...env } = process.env;
  delete process.env[initWords];
  const keys = withheldVariables(env);
  if (!Object.values(keys).some(Boolean) && init === "") return;
  if (process.platform === "win32" || process.execve === undefined) return;
  if (!putOnStdin(JSON.stringify(keys))) return;
  const flags = process.execArgv.filter((flag) => flag !== noInspector);
  const node = [process.execPath, noInspector, ...(isContained(env) ? [heapShare] : []), ...flags];
  const words = [...init.split(" ").filter(Boolean), ...node, ...process.argv.slice(1)];
  try {
    process.execve(words[0] ?? process.execPath, words, { ...hostEnvironment(env), [mark]: "1" });
  } catch {
    // No such init, or no memory for it: this process has the keys all the same.
    ftruncateSync(stdin);
  }
}

/** Whether this container has a limit of memory, and nobody has said how large V8's heap may be. */
function isContained({ NODE_OPTIONS = "" }: NodeJS.ProcessEnv): boolean {
  const isSaid = [...process.execArgv, NODE_OPTIONS].some((flags) =>
    /--max[-_](old[-_]space|heap)[-_]size/.test(flags),
  );
  const limit = process.constrainedMemory();
  // Without a limit it is a number that no machine has.
  return !isSaid && limit > 0 && limit < 2 ** 43;
}

function takeFromStdin(): boolean {
  if (process.env[mark] === undefined) return false;
  delete process.env[mark];
  const keys: NodeJS.ProcessEnv = JSON.parse(readFileSync(stdin, "utf8") || "{}");
  // The init holds this file open, too.
  ftruncateSync(stdin);
  Object.assign(process.env, keys);
  return true;
}

/** Makes a file without a name this process's standard input, the only descriptor but two that survives `execve`. */
function putOnStdin(text: string): boolean {
  for (const folder of ["/dev/shm", tmpdir()]) {
    try {
      closeSync(stdin);
    } catch {
      // It was closed already.
    }
    // Not `crypto`, which takes as long to load as all of this.
    const path = join(folder, `.flow-runner-${process.pid}-${Math.random().toString(36).slice(2)}`);
    try {
      // The lowest free descriptor is taken.
      const isStdin = openSync(path, "wx+", 0o600) === stdin;
      unlinkSync(path);
      // At a position: who reads it begins at the beginning.
      if (isStdin && writeSync(stdin, text, 0) === Buffer.byteLength(text)) return true;
    } catch {
      // The folder is read-only, full, or not there.
    }
  }
  return false;
}
