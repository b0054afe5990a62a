import type { IncomingMessage } from "node:http";
import { type Answer, refused } from "./answer.ts";

/** Prefect 1.x: the gateway's `bodyParserConfig` limit, 5mb. */
export const maxBodyBytes = 5 * 1024 * 1024;

/** The whole body as text, or the answer that refuses it. Rejects when the client goes away in the middle. */
export async function readBody(request: IncomingMessage): Promise<string | Answer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") return refused(415, "BAD_REQUEST", `unsupported content encoding "${encoding}"`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: a client that is still sending would not see the answer.
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes <= maxBodyBytes) return Buffer.concat(chunks, bytes).toString("utf8");
  return refused(413, "PAYLOAD_TOO_LARGE", `request entity too large: ${bytes} bytes, of at most ${maxBodyBytes}`);
}
