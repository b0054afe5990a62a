import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";

export type ParameterValues = Record<string, unknown>;

const object = z.record(z.string(), z.unknown());

/**
 * One `-p name=value`. The value is JSON when it parses as JSON, else text: `-p days=3` is a number, `-p day=2012-01-01`
 * and `-p day='"3"'` are text.
 *
 * @throws FlowRunnerError `PARAMETER_OPTION_INVALID` when there is no name, or when the value is a number that
 *   JavaScript cannot hold exactly
 * @example parseParameter('days=["2012-01-01"]') // ["days", ["2012-01-01"]]
 */
export function parseParameter(option: string, flag = "-p"): [name: string, value: unknown] {
  const at = option.indexOf("=");
  if (at < 1) throw new FlowRunnerError("PARAMETER_OPTION_INVALID", { flag, option, reason: "name=value is expected" });
  const written = option.slice(at + 1);
  return [option.slice(0, at), parseValue(written, { flag, option })];
}

/** Where a value was written, for what is said of it. */
interface Written {
  readonly flag: string;
  readonly option: string;
}

function parseValue(written: string, where: Written): unknown {
  try {
    return JSON.parse(written, (_, value: unknown, context?: { source?: string }) => {
      if (typeof value === "number") refuseInexact(value, context?.source ?? "", where);
      return value;
    });
  } catch (error) {
    if (error instanceof FlowRunnerError) throw error;
    return written;
  }
}

/** An id of twenty digits would otherwise arrive as another id. */
function refuseInexact(value: number, source: string, where: Written): void {
  const integer = /^-?\d+$/.test(source);
  if (Number.isFinite(value) && (!integer || Number.isSafeInteger(value))) return;
  const reason = `${source} is a number that JavaScript cannot hold exactly; write it as text, in quotes: '"${source}"'`;
  throw new FlowRunnerError("PARAMETER_OPTION_INVALID", { ...where, reason });
}

/**
 * The parameters of a run: those of the file, overridden by those given one by one.
 *
 * @param file A file that holds one JSON object; `-` is standard input.
 * @param flag By which the options were given.
 * @throws FlowRunnerError `PARAMETER_OPTION_INVALID`, `PARAMETER_FILE_INVALID`
 */
export async function readParameters(options: readonly string[], file?: string, flag = "-p"): Promise<ParameterValues> {
  const seen = new Map<string, unknown>();
  for (const option of options) {
    const [name, value] = parseParameter(option, flag);
    if (seen.has(name)) {
      throw new FlowRunnerError("PARAMETER_OPTION_INVALID", { flag, option, reason: `"${name}" is given twice` });
    }
    seen.set(name, value);
  }
  return { ...(file === undefined ? {} : await readParameterFile(file)), ...Object.fromEntries(seen) };
}

async function readParameterFile(file: string): Promise<ParameterValues> {
  const invalid = (reason: string) => new FlowRunnerError("PARAMETER_FILE_INVALID", { file, reason });
  let content: string;
  try {
    content = file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    throw invalid((error as Error).message);
  }
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    throw invalid((error as Error).message);
  }
  const parsed = object.safeParse(data);
  if (!parsed.success) throw invalid("it does not hold a JSON object");
  return parsed.data;
}
