import { execFile, execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The client that comes with the engine: it has BuildKit built in. */
const env = { ...process.env, PATH: `/usr/bin:${process.env.PATH}` };

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
) {
  return new Promise<Ran>((resolve) => {
    const limits = { maxBuffer: 64 * 1024 * 1024, encoding: "utf8" } as const;
    execFile(program, [...args], { env, ...limits, ...options }, (error, out, err) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), out: out.trim(), err: err.trim() });
    });
  });
}

/** What does not end is ended, and what it has said is seen. */
export const docker = (...args: readonly string[]): Promise<Ran> => run("docker", args, { timeout: 280_000 });

/** The same, for what a test only prepares. */
export async function dockerDone(...args: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await docker(...args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${err}`);
  return out;
}

/** Whether there is a Docker engine here. */
export function engineAnswers(): boolean {
  try {
    execFileSync("docker", ["version"], { env, stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** A suite that needs a Docker engine. Without one it is skipped and says so; in CI it fails. */
export function describeWithDocker(title: string, body: () => void): void {
  const missing = !engineAnswers();
  if (missing && process.env.CI !== "true") {
    console.warn(`skipped: ${title}: no Docker engine answers (scripts/ci-setup)`);
  }
  describe.skipIf(missing && process.env.CI !== "true")(title, body);
}

/**
 * Builds the base image from this checkout, which takes seconds when its layers are there. Gives its id: the name may be
 * another checkout's a moment later.
 */
export async function baseImage(): Promise<string> {
  const { exitCode, out, err } = await run(join(root, "scripts/build-image"), [], {
    env: { ...env, DOCKER_BUILDKIT: "0" },
  });
  if (exitCode !== 0) throw new Error(`scripts/build-image: ${out}\n${err}`);
  return dockerDone("image", "inspect", "--format", "{{.Id}}", out.split("\n").at(-1) ?? "");
}
