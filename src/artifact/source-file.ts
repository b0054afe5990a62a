import { stat } from "node:fs/promises";
import { FlowRunnerError } from "../errors/index.ts";
import { reading } from "./format/read-artifact.ts";

/** The file itself, checked to be one. */
export async function sourceFile(file: string): Promise<string> {
  const found = await reading(file, () => stat(file)).catch((error: unknown) => {
    if (error instanceof FlowRunnerError && error.code === "ARTIFACT_NOT_FOUND") return null;
    throw error;
  });
  if (found?.isFile()) return file;
  throw new FlowRunnerError("SOURCE_NOT_FOUND", { file });
}
