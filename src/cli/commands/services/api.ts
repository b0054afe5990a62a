import { startApi } from "../../../api/index.ts";
import { version } from "../../../config/index.ts";
import { ExitCode } from "../../../errors/index.ts";
import { interruptSignal } from "../../interrupt.ts";
import type { ServeOptions } from "../../options.ts";

/** `api`: serves until SIGINT or SIGTERM. The first line on stdout is the address, for scripts that wait for it. */
export async function apiCommand({ port, host, data, key }: ServeOptions): Promise<number> {
  const interrupted = interruptSignal();
  const api = await startApi({ port, host, key: key ?? null, version, ...(data === undefined ? {} : { data }) });
  process.stdout.write(`${api.url}\n`);
  await new Promise<void>((resolve) => {
    interrupted.addEventListener("abort", () => resolve(), { once: true });
    if (interrupted.aborted) resolve();
  });
  await api.close();
  return ExitCode.ok;
}
