import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One form of one secret, as bytes. */
interface Trace {
  readonly what: string;
  readonly bytes: Buffer;
}

/** So many characters of a secret must not be found together, also where something has cut it; looked for every half. */
const piece = 14;

const core = (text: string, before: number): string => {
  const encoded = Buffer.from("-".repeat(before) + text)
    .toString("base64")
    .replace(/=+$/, "");
  // Without the characters that hold bits of the neighbours.
  return encoded.slice([0, 2, 3][before] ?? 0, -1);
};

/** Every form in which a secret could have got out; written without a look at what masks them. */
function tracesOf(name: string, text: string): Trace[] {
  const hex = Buffer.from(text).toString("hex");
  const lines = text.split("\n").filter((line) => line.length >= 6 && !line.startsWith("-----"));
  const forms: Record<string, string | Buffer> = {
    "as it is": text,
    "in latin1": Buffer.from(text, "latin1"),
    "in UTF-16": Buffer.from(text, "utf16le"),
    "in JSON": JSON.stringify(text).slice(1, -1),
    "in JSON in JSON": JSON.stringify(JSON.stringify(text)).slice(3, -3),
    "URL-encoded": encodeURIComponent(text),
    "URL-encoded as a path": encodeURI(text),
    "URL-encoded as a form": new URLSearchParams({ text }).toString().slice(5),
    "in hex": hex,
    "in upper hex": hex.toUpperCase(),
    "in hex of an inspected buffer": (hex.slice(0, 100).match(/../g) ?? []).join(" "),
    "as a list of bytes": [...Buffer.from(text)].join(","),
    ...Object.fromEntries([0, 1, 2].map((before) => [`in base64 at ${before}`, core(text, before)])),
    "in base64url": core(text, 0).replaceAll("+", "-").replaceAll("/", "_"),
    ...Object.fromEntries(lines.map((line, index) => [`line ${index}`, line])),
  };
  for (const line of lines) {
    for (let at = 0; at + piece <= line.length; at += piece / 2) {
      forms[`its characters "${line.slice(at, at + piece)}"`] = line.slice(at, at + piece);
    }
  }
  return Object.entries(forms).map(([form, bytes]) => ({ what: `${name} ${form}`, bytes: Buffer.from(bytes) }));
}

/** What of these secrets is in these bytes, with what stands around it. */
export function tracesIn(content: string | Uint8Array, secrets: Readonly<Record<string, string>>): string[] {
  // Without the filler of long lines, which is most of it.
  const bytes = Buffer.from(
    Buffer.from(content)
      .toString("latin1")
      .replaceAll(/~{100,}/g, "~~"),
    "latin1",
  );
  return Object.entries(secrets)
    .flatMap(([name, text]) => tracesOf(name, text))
    .flatMap(({ what, bytes: trace }) => {
      const at = bytes.indexOf(trace);
      return at < 0 ? [] : [`${what}: …${bytes.subarray(Math.max(0, at - 80), at + trace.length + 20)}…`];
    });
}

/** The same for every file below a folder; also how many there were, so that an empty folder proves nothing. */
export async function tracesBelow(
  folder: string,
  secrets: Readonly<Record<string, string>>,
): Promise<{ readonly files: number; readonly bytes: number; readonly traces: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const traces: string[] = [];
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(file);
    bytes += content.length;
    traces.push(...tracesIn(file, secrets), ...tracesIn(content, secrets).map((trace) => `${file}: ${trace}`));
  }
  return { files: files.length, bytes, traces };
}
