import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a process and its descendants cost, from start to exit. */
export interface Cost {
  /** Milliseconds. */
  readonly wall: number;
  /** The most that all of them held at one moment, in MB (PSS: shared pages are counted once); null when it was not watched. */
  readonly memory: number | null;
}

export interface Measured extends Cost {
  readonly code: number | null;
  readonly output: string;
}

/** Milliseconds. */
const samplePace = 10;

/**
 * Runs a command to its end. Reading the memory of a process stops it for a moment and takes a core: a run whose memory
 * is watched is no measure of time.
 */
export async function measure(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  watchMemory = false,
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let most = 0;
  const sampler = setInterval(() => {
    if (watchMemory && child.pid !== undefined) most = Math.max(most, memoryOfTree(child.pid));
  }, samplePace);
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  const wall = performance.now() - started;
  clearInterval(sampler);
  return { wall, memory: most === 0 ? null : most, code, output };
}

/** Runs a command that must end well; resolves with what it prints. */
export async function succeed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await measure(command, args, env);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`);
  return output.trim();
}

function memoryOfTree(root: number): number {
  const parents = new Map<number, number>();
  for (const name of processNames()) parents.set(Number(name), parentOf(name));
  const inTree = (pid: number): boolean => pid === root || (parents.has(pid) && inTree(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(inTree).reduce((sum, pid) => sum + proportionalSet(pid), 0);
}

function processNames(): string[] {
  return process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

function parentOf(pid: string): number {
  return Number(/\) \w (\d+)/.exec(textOf(`/proc/${pid}/stat`))?.[1] ?? 0);
}

/** MB. */
function proportionalSet(pid: number): number {
  return Number(/^Pss: +(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

/** A process may end between being listed and being read: it holds nothing any more. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH"].includes(code)) return "";
    throw error;
  }
}
