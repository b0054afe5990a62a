import { createHash } from "node:crypto";
import { type Manifest, manifestSchema } from "./manifest.ts";

/** How the first line begins. It makes the line a comment, so that an artifact is a module as it stands. */
export const prefix = "// flow-runner artifact ";

const newline = 0x0a;

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Puts a manifest before a module: `// flow-runner artifact {…,"seal":"…"}`, a newline, the module.
 *
 * The seal is the sha256 of all that stands before it in the line. The manifest holds the module's hash, the seal holds
 * the manifest: a change of any byte is seen.
 */
export function seal(
  manifest: Omit<Manifest, "size" | "sha256">,
  module: Buffer,
): { manifest: Manifest; bytes: Buffer } {
  const whole = manifestSchema.parse({ ...manifest, size: module.length, sha256: sha256(module) });
  // JSON leaves these two as they are, and JavaScript would end the comment there.
  const json = JSON.stringify(whole).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
  const sealed = `${prefix}${json.slice(0, -1)}`;
  const line = `${sealed},"seal":"${sha256(sealed)}"}\n`;
  return { manifest: whole, bytes: Buffer.concat([Buffer.from(line), module]) };
}

/** The first line, without its end, and what follows; null where there is no end of line. */
export function splitFirstLine(bytes: Buffer): { line: Buffer; rest: Buffer } | null {
  const end = bytes.indexOf(newline);
  return end === -1 ? null : { line: bytes.subarray(0, end), rest: bytes.subarray(end + 1) };
}

/** The manifest's text as it was sealed, and what its hash must be and is; null for a line without a seal. */
export function openSeal(line: Buffer): { json: string; expected: string; actual: string } | null {
  const mark = Buffer.from(`,"seal":"`);
  const at = line.lastIndexOf(mark);
  if (at === -1) return null;
  const [, expected] = /^([0-9a-f]{64})"\}$/.exec(line.toString("latin1", at + mark.length)) ?? [];
  if (expected === undefined) return null;
  const sealed = line.subarray(0, at);
  return { json: `${sealed.toString().slice(prefix.length)}}`, expected, actual: sha256(sealed) };
}
