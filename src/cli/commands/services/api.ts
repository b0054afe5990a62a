import { startApi } from "../../../api/index.ts";
import { version } from "../../../config/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import { interruptSignal } from "../../interrupt.ts";
import type { ServeOptions } from "../../options.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `api`: serves until SIGINT or SIGTERM. The first line on stdout is the address, for scripts that wait for it. */
export async function apiCommand({ port, host, data, key, json }: ServeOptions): Promise<number> {
  const interrupted = interruptSignal();
  const given = { ...(data === undefined ? {} : { data }), ...(key === undefined ? {} : { key }) };
  const api = await startApi({ port, host, version, ...given });
  const made = key === undefined ? api.key : null;
  printResult(json, { url: api.url, ...(made === null ? {} : { key: made }) }, api.url);
  if (made !== null && !json) {
    process.stderr.write(
      `Others can reach this API, so requests have to carry a key; --key sets it. This time it is:\n${made}\nThe web page takes it from this address: ${api.url}/#key=${made}\n`,
    );
  }
  await new Promise<void>((resolve) => {
    interrupted.addEventListener("abort", () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
  await api.close();
  return ExitCode.ok;
}
