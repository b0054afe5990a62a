import { realpath, stat } from "node:fs/promises";
import { FlowRunnerError } from "../errors/index.ts";
import { reading } from "./format/read-artifact.ts";

/**
 * The file of a source, links followed as Node follows them when it imports: what is said of its place must agree with
 * what its modules say.
 *
 * @throws FlowRunnerError `SOURCE_NOT_FOUND`, `ARTIFACT_NOT_READABLE`
 */
export async function sourceFile(file: string): Promise<string> {
  try {
    const real = await reading(file, () => realpath(file));
    if ((await reading(real, () => stat(real))).isFile()) return real;
  } catch (error) {
    if (!(error instanceof FlowRunnerError) || error.code !== "ARTIFACT_NOT_FOUND") throw error;
  }
  throw new FlowRunnerError("SOURCE_NOT_FOUND", { file });
}
