import { FlowRunnerError } from "../../../errors/index.ts";
import { refused } from "../../http/answer.ts";
import { serve } from "../../http/server.ts";
import { readRecording } from "../file/read-recording.ts";
import type { ReplayOptions, ServedConversation } from "../recording.ts";
import { Conversation } from "./conversation.ts";

/** See `replayApi`. */
export async function startReplay({ path, port, host, unmatched }: ReplayOptions): Promise<ServedConversation> {
  const exchanges = await readRecording(path);
  const conversation = new Conversation(exchanges, unmatched);
  if (conversation.isEmpty) {
    const reason =
      exchanges.length === 0
        ? "it holds no exchange"
        : "it holds no operation in GraphQL; conversations with Prefect 3 (REST) can be recorded, and not be played yet";
    throw new FlowRunnerError("RECORDING_UNPLAYABLE", { path, reason });
  }
  const noPage = refused(404, "NOT_FOUND", "A recording that is played has no web page");
  return serve({
    ...{ port, host, key: null, now: Date.now },
    page: { file: async () => null, ask: async () => noPage },
    execute: (operation) => conversation.answer(operation),
  });
}
