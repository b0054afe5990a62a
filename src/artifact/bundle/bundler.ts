import type { BuildOptions, BuildResult, Message } from "esbuild";
import { FlowRunnerError } from "../../errors/index.ts";

type Result = BuildResult<{ metafile: true; write: false }>;

/**
 * Runs esbuild. It is loaded here alone: only saving needs it, and an image may do without.
 *
 * @throws FlowRunnerError `BUNDLER_MISSING`, `SOURCE_NOT_BUNDLED` with every problem and its place
 */
export async function runBundler(file: string, options: BuildOptions): Promise<Result> {
  const { build } = await bundler();
  try {
    return await build({ ...options, metafile: true, write: false, logLevel: "silent" });
  } catch (error) {
    if (!isBuildFailure(error)) throw missing(error);
    throw new FlowRunnerError("SOURCE_NOT_BUNDLED", { file, problems: sentences(error.errors) }, { cause: error });
  }
}

/** What the bundler says, each with its place. */
export function sentences(messages: readonly Message[]): string[] {
  return messages.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}: ${text}`,
  );
}

async function bundler(): Promise<typeof import("esbuild")> {
  try {
    return await import("esbuild");
  } catch (error) {
    throw missing(error);
  }
}

/** Not installed, or installed for another platform: esbuild says which. */
function missing(error: unknown): FlowRunnerError {
  const reason = error instanceof Error ? (error.message.trim().split("\n", 1)[0] ?? error.name) : String(error);
  return new FlowRunnerError("BUNDLER_MISSING", { reason }, { cause: error });
}

function isBuildFailure(error: unknown): error is Error & { errors: Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
