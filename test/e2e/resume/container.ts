import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { compiled, main } from "../../cli/binary.ts";

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/**
 * `flow-runner execute` and its host as one process group: what a container is to `docker kill`, `docker pause` and the
 * machine it runs on.
 */
export class Container {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [main, "execute"], {
      env: { PATH: process.env.PATH, ...compiled, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      // What does not end is ended, and what it has said is seen.
      timeout: 240_000,
      killSignal: "SIGKILL",
    });
    if (child.pid === undefined) throw new Error("it did not start");
    this.#child = child;
    this.pid = child.pid;
    const [out, err] = [text(child.stdout), text(child.stderr)];
    this.ended = new Promise((resolve) => {
      child.on("close", async (exitCode, signal) => resolve({ exitCode, signal, out: await out, err: await err }));
    });
  }

  /** Resolves once this holds while it lives; it is asked every 50 ms. Rejects when it has ended before. */
  async until(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (;;) {
      const { alive } = this;
      if (await holds()) return;
      if (!alive) throw new Error(`the container has ended before: ${inspect(await this.ended)}`);
      await pause(50);
    }
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** As `docker stop` does: its first process is told. */
  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Every process of it at once, in the middle of whatever it does. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    try {
      process.kill(-this.pid, name);
    } catch (error) {
      // The group is gone already.
      if (!(error instanceof Error) || !("code" in error) || error.code !== "ESRCH") throw error;
    }
  }
}
