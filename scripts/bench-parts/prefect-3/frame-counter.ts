/** Counts the messages in what a client sends over a WebSocket (RFC 6455), in whatever pieces it comes. */
export class FrameCounter {
  #kept = Buffer.alloc(0);
  /** Bytes of a payload that are still to come. */
  #toSkip = 0;

  /** @returns how many messages begin in these bytes; pings, pongs and closings are none */
  messagesIn(bytes: Buffer): number {
    let rest = Buffer.concat([this.#kept, bytes]);
    let messages = 0;
    for (;;) {
      const skipped = Math.min(this.#toSkip, rest.length);
      this.#toSkip -= skipped;
      rest = rest.subarray(skipped);
      const header = this.#toSkip === 0 ? headerOf(rest) : null;
      if (header === null) break;
      if (header.isMessage) messages += 1;
      this.#toSkip = header.length;
    }
    this.#kept = rest;
    return messages;
  }
}

/** Null: it is not there whole. */
function headerOf(bytes: Buffer): { readonly isMessage: boolean; readonly length: number } | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  const short = second & 0x7f;
  const lengthBytes = { 126: 2, 127: 8 }[short] ?? 0;
  const mask = (second & 0x80) === 0 ? 0 : 4;
  const size = 2 + lengthBytes + mask;
  if (bytes.length < size) return null;
  const payload = lengthBytes === 0 ? short : Number(`0x${bytes.subarray(2, 2 + lengthBytes).toString("hex")}`);
  // Text or binary; what continues a message (0) is no other one.
  const opcode = first & 0x0f;
  return { isMessage: opcode === 1 || opcode === 2, length: size + payload };
}
