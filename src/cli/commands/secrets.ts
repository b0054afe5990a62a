import { text } from "node:stream/consumers";
import { ExitCode, FlowRunnerError } from "../../errors/index.ts";
import { withApi } from "../../run/with-api.ts";
import { accessFor } from "../access.ts";
import type { SecretOptions } from "../options.ts";

/**
 * `secrets set NAME`: the value is what standard input holds, without the line end that `echo` and editors add. Never
 * from a flag, where other users could see it.
 */
export async function setSecret(name: string, options: SecretOptions): Promise<number> {
  if (process.stdin.isTTY) process.stderr.write(`Value of ${name}, ended by Ctrl-D:\n`);
  const value = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (value === "") throw new FlowRunnerError("SECRET_VALUE_EMPTY", { name });
  await withApi(await accessFor(options, process.env), (api) => api.setSecret(name, value));
  return ExitCode.ok;
}

/** `secrets list`: one name a line. */
export async function listSecrets(options: SecretOptions): Promise<number> {
  const names = await withApi(await accessFor(options, process.env), (api) => api.secretNames());
  for (const name of names) process.stdout.write(`${name}\n`);
  return ExitCode.ok;
}

/** `secrets delete NAME`. */
export async function deleteSecret(name: string, options: SecretOptions): Promise<number> {
  await withApi(await accessFor(options, process.env), (api) => api.deleteSecret(name));
  return ExitCode.ok;
}
