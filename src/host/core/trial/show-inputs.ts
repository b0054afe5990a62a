import { inspect } from "node:util";
import type { BodyRequest, ShownInputs } from "../../../engine/index.ts";
import { isStream } from "../../../results/values/file-result.ts";
import type { CoreContext } from "../core-context.ts";

/** Characters of one input that are worth reading. */
const mostText = 4_000;
const shape = { depth: 4, maxArrayLength: 20, maxStringLength: 1_000, breakLength: 100 };

/** Says what a body would be given, for a person to read: secrets by their names, long values cut. Nothing is run. */
export function showInputs(core: CoreContext, request: BodyRequest): ShownInputs {
  const { values, secrets } = core;
  const secretOf = (key: string) => core.secretOf(request.slug, key);
  const refs = Object.entries(request.inputs).flatMap(([key, ref]) => (secretOf(key) === undefined ? [ref] : []));
  const missing = values.missing(refs);
  if (missing.length > 0) return { kind: "missing", handles: missing };
  const [definition] = core.task(request.slug);
  const inputs = definition.bind((key) => {
    const ref = request.inputs[key];
    const secret = secretOf(key);
    if (secret !== undefined) return hidden(`secret ${secret.name}`);
    return ref === undefined ? undefined : values.resolve(ref);
  });
  const all = Object.entries({ ...inputs, ...request.trial?.set });
  return {
    kind: "shown",
    names: Object.keys(inputs),
    texts: Object.fromEntries(all.map(([name, value]) => [name, secrets.mask(textOf(value))])),
  };
}

/** Stands for what is not to be shown. */
const hidden = (text: string): object => ({ [inspect.custom]: () => `<${text}>` });

function textOf(value: unknown): string {
  const text = inspect(isStream(value) ? hidden("stream") : value, shape);
  return text.length > mostText ? `${text.slice(0, mostText)}…` : text;
}
