import { startApi } from "../../../api/index.ts";
import { version } from "../../../config/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import type { ServeFlags } from "../../options/service-options.ts";
import { interruptSignal } from "../../process/interrupt.ts";
import { printResult } from "../../terminal/print-result.ts";
import { serveRecording } from "./recording.ts";

/** `api`: serves until SIGINT or SIGTERM. The first line on stdout is the address, for scripts that wait for it. */
export async function apiCommand(options: ServeFlags): Promise<number> {
  const interrupted = interruptSignal();
  const { record, upstream, replay } = options;
  const isConversation = [record, upstream, replay].some((flag) => flag !== undefined);
  const served = isConversation ? { ...(await serveRecording(options)), made: null } : await serveEmbedded(options);
  const { url, made } = served;
  printResult(options.json, { url, ...(made === null ? {} : { key: made }) }, url);
  if (made !== null && !options.json) {
    process.stderr.write(
      `Others can reach this API, so requests have to carry a key; --key sets it. This time it is:\n${made}\nThe web page takes it from this address: ${url}/#key=${made}\n`,
    );
  }
  await new Promise<void>((resolve) => {
    interrupted.addEventListener("abort", () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
  await served.close();
  return ExitCode.ok;
}

/** `made`: the key that requests have to carry where none was given. */
async function serveEmbedded({ port, host, data, key }: ServeFlags) {
  const given = { ...(data === undefined ? {} : { data }), ...(key === undefined ? {} : { key }) };
  const api = await startApi({ port, host, version, ...given });
  return { url: api.url, close: api.close, made: key === undefined ? api.key : null };
}
