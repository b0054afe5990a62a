import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import type { LaunchEnd, Launched, LaunchedRun, Launcher } from "../launcher.ts";
import { launchEnvironment } from "./launch-environment.ts";
import type { LaunchSettings } from "./launch-settings.ts";
import { runSurroundings } from "./run-surroundings.ts";

export interface LocalProcessOptions extends LaunchSettings {
  /** The program and its words, which executes the run that its environment names. */
  readonly command: readonly [string, ...string[]];
  /** The agent's own environment, which its runs inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** Is given every line that a run prints. */
  readonly show: (line: string) => void;
}

/** Lines of a process that are kept, and how much of each: they go into the log of a run that has died. */
const kept = { lines: 20, characters: 1_000 };
/** Milliseconds for the last output of a process that has ended; what it has left behind may hold the pipe. */
const drain = 1_000;

/** Starts flow runs as processes on this machine, each `flow-runner execute` on an artifact that lies here. */
export function localProcesses(options: LocalProcessOptions): Launcher {
  return {
    agentType: "LocalAgent",
    launch: (run) => launch(run, options),
  };
}

const storageSchema = z.looseObject({ type: z.string() });

async function launch(run: LaunchedRun, options: LocalProcessOptions): Promise<Launched> {
  const storage = storageSchema.safeParse(run.flow.storage).data?.type ?? "nothing";
  if (storage !== "Local") throw new FlowRunnerError("STORAGE_NOT_LOCAL", { flow: run.flow.name, storage });
  const surroundings = runSurroundings(run.runConfig);
  const [program, ...words] = options.command;
  const child = spawn(program, words, {
    env: launchEnvironment(options.environment, run, options, surroundings),
    ...(surroundings.workingFolder === null ? {} : { cwd: surroundings.workingFolder }),
    stdio: ["ignore", "pipe", "pipe"],
    // A Ctrl-C in the agent's terminal is meant for the agent: its runs go on.
    detached: true,
  });
  const ended = endOf(child, options.show);
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new FlowRunnerError("PROCESS_NOT_STARTED", { reason: messageOf(error) });
  }
  return { description: `PID ${child.pid}`, ended, kill: () => void child.kill("SIGKILL") };
}

async function endOf(child: ChildProcess, show: (line: string) => void): Promise<LaunchEnd> {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      show(line);
      output.push(line.slice(0, kept.characters));
      if (output.length > kept.lines) output.shift();
    });
  }
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const [exitCode, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("exit", (code, name) => resolve([code, name]));
  });
  let timer: NodeJS.Timeout | undefined;
  const given = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drain);
  });
  await Promise.race([closed, given]);
  clearTimeout(timer);
  return { exitCode, signal, output };
}
