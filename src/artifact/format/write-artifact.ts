import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";
import { isSystemError, systemReason } from "./read-artifact.ts";

/**
 * Writes an artifact so that its name never stands for half a file: to a file beside it, flushed to disk, then renamed.
 *
 * @throws FlowRunnerError `ARTIFACT_NOT_WRITABLE`; what was there before is unchanged then
 */
export async function writeArtifact(path: string, bytes: Buffer): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await replace(path, bytes);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new FlowRunnerError("ARTIFACT_NOT_WRITABLE", { path, reason: systemReason(error) }, { cause: error });
  }
}

async function replace(path: string, bytes: Buffer): Promise<void> {
  const fresh = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFlushed(fresh, bytes);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

async function writeFlushed(path: string, bytes: Buffer): Promise<void> {
  await using file = await open(path, "wx");
  await file.writeFile(bytes);
  await file.sync();
}
