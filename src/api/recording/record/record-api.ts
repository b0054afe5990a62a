import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../../../errors/message-of.ts";
import { guard } from "../../http/guard.ts";
import { Listener } from "../../http/listener.ts";
import { send } from "../../http/send.ts";
import { keptBody } from "../file/exchange.ts";
import { RecordingFile } from "../file/recording-file.ts";
import type { RecordOptions, ServedConversation } from "../recording.ts";
import { type Forwarded, openUpstream, passedOn } from "./forward.ts";
import { secretsInHeaders } from "./header-secrets.ts";
import { Recorder } from "./recorder.ts";

const noSocket = "HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** See `recordApi`. */
export async function startRecording(options: RecordOptions): Promise<ServedConversation> {
  const { upstream: url, path, port, host, secrets = [], env = process.env, problem } = options;
  const upstream = await openUpstream(url, env);
  const recorder = new Recorder(new RecordingFile(path), secrets);
  const { createServer } = process.getBuiltinModule("node:http");

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

  const server = createServer(async (request, response) => {
    const foreign = guard(request, { isKeyed: request.headers.authorization !== undefined, host });
    if (foreign !== null) {
      request.resume();
      return send(response, foreign);
    }
    try {
      const { status, headers, bytes } = await forward(request);
      if (bytes.length > 0) response.setHeader("content-length", bytes.length);
      response.writeHead(status, passedOn(headers)).end(bytes);
    } catch {
      // The client has gone away while it was sending.
      response.destroy();
    }
  });
  // A runner asks again and again where it cannot subscribe, and these questions can be recorded.
  server.on("upgrade", (_request, socket) => socket.end(noSocket));
  const listener = new Listener(server, host);
  await listener.listen(port);
  return {
    url: listener.url,
    close: async () => {
      await listener.close();
      upstream.close();
    },
  };
}

/** What a proxy says where nobody is behind it. */
function unreachable(error: unknown): Forwarded {
  const text = JSON.stringify({ errors: [{ message: `The API behind the recording: ${messageOf(error)}` }] });
  return { status: 502, headers: { "content-type": "application/json" }, bytes: Buffer.from(text), text };
}
