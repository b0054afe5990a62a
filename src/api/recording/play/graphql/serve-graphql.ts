import { refused } from "../../../http/answer.ts";
import { serve } from "../../../http/server.ts";
import type { Exchange } from "../../file/exchange.ts";
import type { ReplayOptions, ServedConversation } from "../../recording.ts";
import { GraphqlConversation } from "./graphql-conversation.ts";

/** Plays a conversation in GraphQL. @throws FlowRunnerError `API_ADDRESS_UNUSABLE` */
export function serveGraphql(
  exchanges: readonly Exchange[],
  { port, host, unmatched }: ReplayOptions,
): Promise<ServedConversation> {
  const conversation = new GraphqlConversation(exchanges, unmatched);
  const noPage = refused(404, "NOT_FOUND", "A recording that is played has no web page");
  return serve({
    ...{ port, host, key: null, now: Date.now },
    page: { file: async () => null, ask: async () => noPage },
    execute: (operation) => conversation.answer(operation),
  });
}
