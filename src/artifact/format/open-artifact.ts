import { z } from "zod";
import { version } from "../../config/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { pythonForm } from "./foreign-file.ts";
import { formatVersion, type Manifest, manifestSchema } from "./manifest.ts";
import { openSeal, prefix, sha256, splitFirstLine } from "./seal.ts";

const manifestText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      context.addIssue(messageOf(error));
      return z.NEVER;
    }
  })
  .pipe(manifestSchema);

/** Whether these are the first bytes of an artifact. */
export function beginsAsArtifact(bytes: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(Buffer.from(prefix));
}

/**
 * Reads the manifest in a file's first bytes, which must hold the first line.
 *
 * @throws FlowRunnerError that says what the file is instead, or how it is damaged
 */
export function openManifest(path: string, bytes: Buffer): Manifest {
  refuseOtherFiles(path, bytes);
  const split = splitFirstLine(bytes);
  if (split === null) throw new FlowRunnerError("ARTIFACT_TRUNCATED", { path, bytes: bytes.length, expected: null });

  const format = Number(/^\{"format":(\d{1,6})[,}]/.exec(split.line.toString("latin1", prefix.length))?.[1]);
  if (Number.isInteger(format) && format !== formatVersion) {
    throw new FlowRunnerError("ARTIFACT_FORMAT_UNSUPPORTED", { path, format, supported: formatVersion });
  }
  const opened = openSeal(split.line);
  if (opened === null) {
    throw new FlowRunnerError("ARTIFACT_MANIFEST_INVALID", { path, problem: "it has no seal at its end" });
  }
  const { json, expected, actual } = opened;
  if (expected !== actual) {
    throw new FlowRunnerError("ARTIFACT_HASH_MISMATCH", { path, part: "manifest", expected, actual });
  }
  const parsed = manifestText.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new FlowRunnerError("ARTIFACT_MANIFEST_INVALID", { path, problem: z.prettifyError(parsed.error) });
}

function refuseOtherFiles(path: string, bytes: Buffer): void {
  if (beginsAsArtifact(bytes)) return;
  const form = pythonForm(bytes, path);
  if (form !== null) throw new FlowRunnerError("ARTIFACT_PYTHON_FLOW", { path, form });
  if (Buffer.from(prefix).subarray(0, bytes.length).equals(bytes)) {
    throw new FlowRunnerError("ARTIFACT_TRUNCATED", { path, bytes: bytes.length, expected: null });
  }
  throw new FlowRunnerError("ARTIFACT_NOT_ONE", { path, begins: bytes.toString("latin1", 0, 24) });
}

/**
 * Checks a whole file: its form, its hash, the digest it was registered with, and the version that saved it.
 *
 * @throws FlowRunnerError of the first check that fails
 */
export function openArtifact(path: string, bytes: Buffer, digest: string | null): Manifest {
  const manifest = openManifest(path, bytes);
  refuseOtherVersions(path, manifest.flowRunner);
  const module = splitFirstLine(bytes)?.rest ?? Buffer.alloc(0);
  if (module.length < manifest.size) {
    const expected = bytes.length - module.length + manifest.size;
    throw new FlowRunnerError("ARTIFACT_TRUNCATED", { path, bytes: bytes.length, expected });
  }
  const actual = sha256(module);
  if (actual !== manifest.sha256) {
    throw new FlowRunnerError("ARTIFACT_HASH_MISMATCH", { path, part: "module", expected: manifest.sha256, actual });
  }
  if (digest !== null && digest !== actual) {
    throw new FlowRunnerError("ARTIFACT_DIGEST_MISMATCH", { path, registered: digest, actual });
  }
  return manifest;
}

/** Semantic versioning: the same major version; below 1.0, where a minor version may break, the same minor one too. */
export function isCompatible(savedWith: string, running: string): boolean {
  const [savedMajor, savedMinor] = savedWith.split(".");
  const [major, minor] = running.split(".");
  return savedMajor === major && (major !== "0" || savedMinor === minor);
}

function refuseOtherVersions(path: string, savedWith: string): void {
  if (isCompatible(savedWith, version)) return;
  throw new FlowRunnerError("ARTIFACT_VERSION_INCOMPATIBLE", { path, savedWith, running: version });
}
