import { open, readFile } from "node:fs/promises";
import { getSystemErrorMessage } from "node:util";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Manifest } from "./manifest.ts";
import { beginsAsArtifact, openArtifact, openManifest } from "./open-artifact.ts";

/** Reading goes on in pieces of this size until the first line is there. */
const piece = 64 * 1024;

/**
 * Reads an artifact's manifest: its first line only, and none of its code runs.
 *
 * @throws FlowRunnerError for a file that is no artifact, or whose first line is damaged. The rest is not looked at:
 *   `verifyArtifact` does that.
 * @example (await readManifest("/root/.prefect/weather.prefect")).flows[0]?.name; // "weather"
 */
export async function readManifest(path: string): Promise<Manifest> {
  return openManifest(path, await reading(path, () => firstLine(path)));
}

/**
 * Reads an artifact whole and checks it: form, hashes, version, and the digest where one is given. No code runs.
 *
 * @param expected.digest The digest that `saveArtifact` gave.
 */
export async function verifyArtifact(path: string, { digest }: { digest?: string } = {}): Promise<Manifest> {
  return (await readArtifact(path, digest ?? null)).manifest;
}

/** The checked bytes and their manifest. What is loaded are these bytes, not what the file may hold a moment later. */
export async function readArtifact(
  path: string,
  digest: string | null,
): Promise<{ manifest: Manifest; bytes: Buffer }> {
  const bytes = await reading(path, () => readFile(path));
  return { manifest: openArtifact(path, bytes, digest), bytes };
}

async function firstLine(path: string): Promise<Buffer> {
  await using file = await open(path);
  let bytes = Buffer.alloc(0);
  while (!bytes.includes("\n")) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(piece), 0, piece, null);
    bytes = Buffer.concat([bytes, buffer.subarray(0, bytesRead)]);
    // Whatever else the file is, it is not read into memory whole.
    if (bytesRead === 0 || !beginsAsArtifact(bytes)) break;
  }
  return bytes;
}

/** Does some reading, and tells what the file system says against it as a sentence. */
export async function reading<Read>(path: string, read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      throw new FlowRunnerError("ARTIFACT_NOT_FOUND", { path }, { cause: error });
    }
    throw new FlowRunnerError("ARTIFACT_NOT_READABLE", { path, reason: systemReason(error) }, { cause: error });
  }
}

interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && "errno" in error && typeof error.errno === "number";
}

/** `permission denied (EACCES)`. */
export function systemReason({ errno, code }: SystemError): string {
  return `${getSystemErrorMessage(errno)} (${code})`;
}
