import { recordApi, replayApi, type ServedConversation } from "../../../api/index.ts";
import { parseAuthorEnvironment } from "../../../config/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { ServeFlags } from "../../options/service-options.ts";

/**
 * What `api --record` and `api --replay` serve.
 *
 * @throws FlowRunnerError `RECORDING_FLAGS`
 */
export async function serveRecording(options: ServeFlags): Promise<ServedConversation> {
  const { port, host, record, upstream, replay } = options;
  const other = (["data", "key"] as const).find((name) => options[name] !== undefined);
  if (other !== undefined) throw flags(`--${other} is for the embedded API, which neither records nor replays`);
  if (replay !== undefined) {
    if (record !== undefined) throw flags("--record and --replay exclude each other");
    if (upstream !== undefined) throw flags("--upstream goes with --record; a replay asks no server");
    return replayApi({ port, host, path: replay, unmatched: say });
  }
  if (record === undefined || upstream === undefined) throw flags("--record and --upstream are given together");
  const { apiKey, secretsFromContext } = parseAuthorEnvironment(process.env);
  const secrets = [...(apiKey === null ? [] : [apiKey]), ...Object.values(secretsFromContext)];
  return recordApi({ port, host, path: record, upstream, secrets, problem: say });
}

const flags = (problem: string): FlowRunnerError => new FlowRunnerError("RECORDING_FLAGS", { problem });

const say = (text: string): void => void process.stderr.write(`${text}\n`);
