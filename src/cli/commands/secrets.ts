import { text } from "node:stream/consumers";
import { ExitCode, FlowRunnerError } from "../../errors/index.ts";
import { withApi } from "../../run/register/with-api.ts";
import { maskedError } from "../../run/secrets/masked.ts";
import { createMasker } from "../../secrets/index.ts";
import { accessFor } from "../options/access.ts";
import type { OperateFlags } from "../options/shared-options.ts";
import { hiddenLine } from "../terminal/hidden-line.ts";

/**
 * `secrets set NAME`: the value is what standard input holds, without the line end that `echo` and editors add; on a
 * terminal one line that is not shown. Never from a flag, where other users could see it.
 */
export async function setSecret(name: string, options: OperateFlags): Promise<number> {
  const [bare = ""] = name.split("=", 1);
  if (bare !== name) {
    const problem = `a name has no "=", and the value is read from standard input`;
    throw new FlowRunnerError("SECRET_NAME_INVALID", { name: `${bare}=…`, problem });
  }
  const value = process.stdin.isTTY
    ? await hiddenLine(`Value of ${name}, which is not shown: `)
    : (await text(process.stdin)).replace(/\r?\n$/, "");
  if (value === "") throw new FlowRunnerError("SECRET_VALUE_EMPTY", { name });
  const masker = createMasker();
  masker.register(name, value);
  try {
    await withApi(await accessFor(options, process.env), (api) => api.setSecret(name, value));
  } catch (error) {
    // An API that refuses a value may show it in what it says.
    throw maskedError(error, masker);
  }
  tellName(name, options);
  return ExitCode.ok;
}

/** `secrets list`: one name a line. */
export async function listSecrets(options: OperateFlags): Promise<number> {
  const names = await withApi(await accessFor(options, process.env), (api) => api.secretNames());
  process.stdout.write(options.json ? `${JSON.stringify(names)}\n` : names.map((name) => `${name}\n`).join(""));
  return ExitCode.ok;
}

/** `secrets delete NAME`. */
export async function deleteSecret(name: string, options: OperateFlags): Promise<number> {
  const access = await accessFor(options, process.env);
  const wasThere = await withApi(access, (api) => api.deleteSecret(name));
  if (!wasThere) throw new FlowRunnerError("SECRET_UNKNOWN", { name, api: access.apiUrl });
  tellName(name, options);
  return ExitCode.ok;
}

/** A program is told whose value changed; a person is told nothing where all went well. */
function tellName(name: string, { json }: OperateFlags): void {
  if (json) process.stdout.write(`${JSON.stringify({ name })}\n`);
}
