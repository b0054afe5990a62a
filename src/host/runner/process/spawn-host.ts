import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endLeftBehind, hasProcesses, hostMark } from "../end/left-behind.ts";
import { countMemory, type MemoryCount } from "../end/memory-evidence.ts";
import { heapLimitFor } from "./heap-limit.ts";
import { hostEnvironment } from "./host-environment.ts";
import { type HostUser, hostUser } from "./host-user.ts";

/** A host process that boots; it does nothing before it is told what to load. */
export interface SpawnedHost {
  readonly child: ChildProcess;
  /** Its exit code or signal, once it has ended and its output is read. */
  readonly closed: Promise<readonly [exitCode: number | null, signal: NodeJS.Signals | null]>;
  /** Why it could not be started. */
  readonly errors: readonly string[];
  readonly memoryBefore: MemoryCount;
  /** The limit of V8's heap that it was started with, bytes; null: Node's own. */
  readonly heapLimit: number | null;
  /** The folder of this package's code: functions in it are nobody's fault. */
  readonly ownFolder: string;
}

/**
 * Starts a host. It loads nothing else, so that `execute` can do it first of all: the host boots while the runner loads
 * its own modules, which takes as long.
 *
 * @param env - the environment of the container; what the flow's code must not have is left out
 * @throws FlowRunnerError `HOST_USER_REFUSED`
 */
export function spawnHost(env: NodeJS.ProcessEnv): SpawnedHost {
  const memoryBefore = countMemory();
  const { spawn } = process.getBuiltinModule("node:child_process");
  const { program, ownFolder } = hostProgram();
  const mark = crypto.randomUUID();
  const heap = heapLimitFor(env, memoryBefore.limit);
  const flags = [...hostFlags(process.execArgv), ...heap.flags, "--inspect-port=127.0.0.1:0"];
  const user = hostUser(env);
  const child = spawn(process.execPath, [...flags, program], {
    env: { ...hostEnvironment(env), ...user?.env, [hostMark]: mark },
    // The last two: frames, and what is printed and logged.
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  const errors: string[] = [];
  child.on("error", (error) => errors.push(error.message));
  preferForOom(child.pid);
  child.on("exit", () => void leftBehind(mark, user).then(() => closePipes(child)));
  const closed = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("close", (exitCode, signal) => resolve([exitCode, signal]));
  });
  return { child, closed, errors, memoryBefore, heapLimit: heap.bytes, ownFolder };
}

/** Root alone may not look into the environment of another user's processes: who is to find them has to be that user. */
async function leftBehind(mark: string, user: HostUser | null): Promise<void> {
  if (user === null) return endLeftBehind(mark);
  if (!hasProcesses(user.uid)) return;
  const { spawn } = process.getBuiltinModule("node:child_process");
  const program = fileURLToPath(new URL("../end/end-left-behind.ts", import.meta.url));
  const { uid, gid } = user;
  const child = spawn(process.execPath, [program, mark], { env: {}, stdio: "ignore", uid, gid });
  await new Promise((resolve) => child.on("error", resolve).on("close", resolve));
}

/** Milliseconds to read what is left in the pipes of a process that has ended. */
const readingTime = 2_000;

/** A process that the host has started, and that could not be ended with it, holds the pipes open for as long as it likes. */
function closePipes(child: ChildProcess): void {
  const timer = setTimeout(() => {
    for (const pipe of child.stdio) pipe?.destroy();
  }, readingTime);
  child.on("close", () => clearTimeout(timer));
}

/** The build makes an entry of what is named by such a URL, and keeps it true in the bundle. */
function hostProgram(): { program: string; ownFolder: string } {
  const program = fileURLToPath(new URL("../../child/main.ts", import.meta.url));
  return { program, ownFolder: join(dirname(program), "../..") };
}

/**
 * Flags of this process that a host needs too; a debugger's port or a test runner's loader is not among them, nor is the
 * limit of this process's own heap.
 */
const hostFlags = (flags: readonly string[]): string[] =>
  flags.filter(
    (flag, at) => /^--(conditions|enable-source-maps|no-warnings)/.test(flag) || flags[at - 1] === "--conditions",
  );

/** When the container runs out of memory the kernel is to end the host, so that the runner lives to tell. */
function preferForOom(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Not Linux, or the process is gone already: its end tells.
  }
}
