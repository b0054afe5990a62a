import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../../../errors/message-of.ts";
import { keptBody } from "../file/exchange.ts";
import { RecordingFile } from "../file/recording-file.ts";
import type { RecordOptions, ServedConversation } from "../recording.ts";
import { serveConversation } from "../serve-conversation.ts";
import { type Forwarded, openUpstream, passedOn } from "./forward.ts";
import { secretsInHeaders } from "./header-secrets.ts";
import { Recorder } from "./recorder.ts";

/** See `recordApi`. */
export async function startRecording(options: RecordOptions): Promise<ServedConversation> {
  const { upstream: url, path, port, host, secrets = [], env = process.env, problem } = options;
  const upstream = await openUpstream(url, env);
  const recorder = new Recorder(new RecordingFile(path), secrets);

  const forward = async (request: IncomingMessage): Promise<Forwarded> => {
    const sent = await buffer(request);
    const answer = await upstream.send(request, sent).catch(unreachable);
    const { method = "GET", url: place = "/", headers } = request;
    try {
      recorder.keep(
        {
          ...{ method, path: place },
          request: { contentType: headers["content-type"] ?? null, body: keptBody(sent.toString("utf8")) },
          response: {
            status: answer.status,
            contentType: answer.headers["content-type"] ?? null,
            body: keptBody(answer.text),
          },
        },
        [...secretsInHeaders(headers), ...secretsInHeaders(answer.headers)],
      );
    } catch (error) {
      // The run goes on: it is a real one.
      problem(`${method} ${place.split("?", 1)[0]} is missing in ${path}: ${messageOf(error)}`);
    }
    return answer;
  };

  const served = await serveConversation({
    ...{ port, host },
    isKeyed: ({ headers }) => headers.authorization !== undefined,
    answer: async (request, response) => {
      const { status, headers, bytes } = await forward(request);
      if (bytes.length > 0) response.setHeader("content-length", bytes.length);
      response.writeHead(status, passedOn(headers)).end(bytes);
    },
  });
  return {
    url: served.url,
    close: async () => {
      await served.close();
      upstream.close();
    },
  };
}

/** What a proxy says where nobody is behind it. */
function unreachable(error: unknown): Forwarded {
  const text = JSON.stringify({ errors: [{ message: `The API behind the recording: ${messageOf(error)}` }] });
  return { status: 502, headers: { "content-type": "application/json" }, bytes: Buffer.from(text), text };
}
