import { createInterface } from "node:readline";
import { z } from "zod";

/** One message of the engine's while it builds, pulls or pushes; what is unknown is passed over. */
const messageSchema = z.looseObject({
  stream: z.string().optional(),
  error: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.looseObject({ current: z.number().optional(), total: z.number().optional() }).optional(),
  aux: z.looseObject({ ID: z.string().optional(), Digest: z.string().optional() }).optional(),
});
export type EngineMessage = z.infer<typeof messageSchema>;

/** Reads the engine's answer, which is one JSON object a line, as it comes. */
export async function* engineMessages(answer: NodeJS.ReadableStream): AsyncGenerator<EngineMessage> {
  // readline tells nothing of an answer that breaks off: the error would be nobody's.
  const failed = new Promise<never>((_, reject) => answer.once("error", reject));
  failed.catch(() => {});
  const lines = createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done) return;
    if (next.value.trim() === "") continue;
    yield messageSchema.parse(JSON.parse(next.value));
  }
}
