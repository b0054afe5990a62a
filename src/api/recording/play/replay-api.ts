import { FlowRunnerError } from "../../../errors/index.ts";
import type { Exchange } from "../file/exchange.ts";
import { readRecording } from "../file/read-recording.ts";
import type { ReplayOptions, ServedConversation } from "../recording.ts";
import { fieldsOf } from "./graphql/asked-field.ts";

/** See `replayApi`. */
export async function startReplay(options: ReplayOptions): Promise<ServedConversation> {
  const { path } = options;
  const exchanges = await readRecording(path);
  if (exchanges.length === 0)
    throw new FlowRunnerError("RECORDING_UNPLAYABLE", { path, reason: "it holds no exchange" });
  if (exchanges.some(isGraphql)) return (await import("./graphql/serve-graphql.ts")).serveGraphql(exchanges, options);
  return (await import("./rest/serve-rest.ts")).serveRest(exchanges, options);
}

/** One recording is one server's: there are no operations among requests to Prefect 3. */
const isGraphql = ({ request }: Exchange): boolean => [request.body].flat().some((each) => fieldsOf(each).length > 0);
