/** Every pickle of protocol 2 and later begins with this opcode. */
const pickleProtocol = 0x80;

/** Prefect 1.x: `{"flow": base64, "versions": {…}}`. */
const envelope = /^\s*\{\s*"(?:flow|versions)"\s*:/;

/** In which Python form a flow was saved; null: the file is no Python flow. Looks at the first bytes alone. */
export function pythonForm(bytes: Buffer, path: string): string | null {
  if (bytes[0] === pickleProtocol) return "a pickle, as Prefect 0.7 saves it";
  if (envelope.test(bytes.toString("latin1", 0, 256))) return "a pickle in a JSON envelope, as Prefect 1.x saves it";
  return path.toLowerCase().endsWith(".py") ? "a script" : null;
}
