import { buffer } from "node:stream/consumers";
import { send } from "../../../http/send.ts";
import { type Exchange, keptBody } from "../../file/exchange.ts";
import type { ReplayOptions, ServedConversation } from "../../recording.ts";
import { serveConversation } from "../../serve-conversation.ts";
import { RestConversation } from "./rest-conversation.ts";

/** Plays a conversation with Prefect 3. @throws FlowRunnerError `API_ADDRESS_UNUSABLE` */
export function serveRest(
  exchanges: readonly Exchange[],
  { port, host, unmatched }: ReplayOptions,
): Promise<ServedConversation> {
  const conversation = new RestConversation(exchanges, unmatched);
  return serveConversation({
    ...{ port, host },
    isKeyed: () => false,
    answer: async (request, response) => {
      const { method = "GET", url: path = "/" } = request;
      const body = keptBody((await buffer(request)).toString("utf8"));
      await send(response, conversation.answer({ method, path, body }));
    },
  });
}
