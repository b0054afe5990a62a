import { AsyncLocalStorage } from "node:async_hooks";
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { currentRun } from "../current-run.ts";
import type { Printer } from "./printer.ts";

/** A line without an end is passed on all the same from this length on, in characters. */
const longestRest = 64_000;

interface SpawnOptions {
  readonly stdio?: unknown;
  readonly detached?: boolean;
}

/**
 * What a task's child processes print to inherited descriptors becomes the task's own output. An asynchronous child is
 * given pipes in their place (its `stdout` and `stderr` stay null, as for any inherited one); while a synchronous one
 * holds the thread, all that is printed is its own. A detached child is left alone: it may outlive its task.
 */
export function followChildren(printer: Printer): void {
  const childProcess = process.getBuiltinModule("node:child_process");
  const prototype = childProcess.ChildProcess.prototype as unknown as { spawn(options: SpawnOptions): unknown };
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess, options: SpawnOptions): unknown {
    const inherited = options.detached === true || !currentRun.getStore()?.taskRunId ? [] : inheritedOf(options.stdio);
    if (inherited.length === 0) return spawn.call(this, options);
    const stdio = Array.isArray(options.stdio) ? [...options.stdio] : Array(3).fill(options.stdio);
    for (const { at } of inherited) stdio[at] = "pipe";
    const answer = spawn.call(this, { ...options, stdio });
    for (const { at, to } of inherited) {
      passOn(this.stdio[at] as Readable | null, to);
      Object.assign(this, { [at === 1 ? "stdout" : "stderr"]: null });
      (this.stdio as unknown[])[at] = null;
    }
    return answer;
  };
  const synchronous = childProcess as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["spawnSync", "execSync", "execFileSync"]) {
    const run = synchronous[name] as (...args: unknown[]) => unknown;
    synchronous[name] = (...args) => {
      const id = currentRun.getStore()?.taskRunId ?? null;
      return id === null ? run(...args) : printer.ownWhile(id, () => run(...args));
    };
  }
  process.getBuiltinModule("node:module").syncBuiltinESMExports();
}

interface Inherited {
  readonly at: 1 | 2;
  readonly to: Writable;
}

/** Which of a child's stdout and stderr are this process's, and which of ours they are. */
function inheritedOf(stdio: unknown): Inherited[] {
  return ([1, 2] as const).flatMap((at): Inherited[] => {
    const wanted: unknown = Array.isArray(stdio) ? stdio[at] : stdio;
    const ours = wanted === "inherit" ? at : wanted;
    if (ours === 1 || ours === process.stdout) return [{ at, to: process.stdout }];
    return ours === 2 || ours === process.stderr ? [{ at, to: process.stderr }] : [];
  });
}

/** Line by line: two children may print at the same time. */
function passOn(from: Readable | null, to: Writable): void {
  const inContext = AsyncLocalStorage.snapshot();
  let rest = "";
  const flush = (end: number): void => {
    const text = rest.slice(0, end);
    rest = rest.slice(end);
    if (text !== "") inContext(() => to.write(text));
  };
  from?.setEncoding("utf8");
  from?.on("data", (text: string) => {
    rest += text;
    flush(rest.length > longestRest ? rest.length : rest.lastIndexOf("\n") + 1);
  });
  from?.on("end", () => flush(rest.length));
}
