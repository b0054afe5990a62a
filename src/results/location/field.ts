import { FlowRunnerError } from "../../errors/index.ts";
import type { LocationContext } from "../../flow/result-handler.ts";
import { kindOf } from "../values/kind-of.ts";

const fieldPattern = /^(?<name>[A-Za-z_][\w-]*)(?<path>(?:\[[^\]]*\]|\.[A-Za-z_]\w*)*)(?<rest>[:!].*)?$/s;

/** Finds the value of one `{…}` and the format spec behind its colon. */
export function lookUp(
  field: string,
  context: LocationContext,
  template: string,
): { readonly value: unknown; readonly spec: string } {
  const parsed = fieldPattern.exec(field)?.groups;
  const name = parsed?.name;
  if (parsed === undefined || name === undefined) {
    throw invalid(template, `{${field}} is not a name, name[key] or name.key`);
  }
  const rest = parsed.rest ?? "";
  if (rest.startsWith("!")) throw invalid(template, `{${field}} uses a conversion ("${rest}"), which is not supported`);
  const names = known(context);
  if (!names.has(name)) {
    throw new FlowRunnerError("RESULT_LOCATION_NAME", { template, name, known: [...names.keys()].sort() });
  }
  let value: unknown = names.get(name);
  for (const [, key, attribute] of (parsed.path ?? "").matchAll(/\[([^\]]*)\]|\.(\w+)/g)) {
    value = step(value, key ?? attribute ?? "", field, template);
  }
  return { value, spec: rest.slice(1) };
}

/** Later ones win: parameters, then the context, then the task's inputs. */
function known(context: LocationContext): ReadonlyMap<string, unknown> {
  const { inputs, target: _, ...own } = context;
  return new Map([...Object.entries(context.parameters), ...Object.entries(own), ...Object.entries(inputs)]);
}

function step(value: unknown, key: string, field: string, template: string): unknown {
  if (typeof value === "object" && value !== null && Object.hasOwn(value, key)) return Reflect.get(value, key);
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  throw new FlowRunnerError("RESULT_LOCATION_NAME", { template, name: field, known: keys });
}

/** Writes a value as Python's `str` would, for the kinds that make sense in a name. */
export function formatField(value: unknown, spec: string, field: string, template: string): string {
  if (spec.includes("%")) return formatDate(value, spec, field, template);
  if (spec !== "") return formatInteger(value, spec, field, template);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return keepInside(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw invalid(
    template,
    `{${field}} is ${kindOf(value)}; only text, numbers, booleans and dates can be part of a name`,
  );
}

/** A value never makes a folder, or leaves one; a `/` of the template's own (`{date:%Y/%m}`) does. */
function keepInside(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this keeps out of keys.
  return text.replaceAll(/[/\\\u0000-\u001f\u007f]/g, (character) => encodeURIComponent(character));
}

function formatInteger(value: unknown, spec: string, field: string, template: string): string {
  const width = /^(0?)(\d{1,3})d?$/.exec(spec);
  if (width === null)
    throw invalid(template, `{${field}}: the format ":${spec}" is not supported (":03d", ":%Y-%m-%d")`);
  if (typeof value !== "bigint" && !Number.isInteger(value)) {
    throw invalid(template, `{${field}} needs a whole number, and the value is ${kindOf(value)}`);
  }
  const digits = String(value);
  const [sign, rest] = digits.startsWith("-") ? ["-", digits.slice(1)] : ["", digits];
  const size = Number(width[2]) - sign.length;
  return width[1] === "0" ? sign + rest.padStart(size, "0") : digits.padStart(Number(width[2]), " ");
}

function formatDate(value: unknown, spec: string, field: string, template: string): string {
  const date = value instanceof Date ? value : new Date(typeof value === "string" ? value : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw invalid(template, `{${field}} needs a date, and the value is ${kindOf(value)}`);
  return spec.replaceAll(/%(.)/g, (whole, letter: string) => {
    const part = datePart(date, letter);
    if (part === null) throw invalid(template, `{${field}}: "${whole}" is not supported (%Y %m %d %H %M %S %j %%)`);
    return part;
  });
}

function datePart(date: Date, letter: string): string | null {
  const iso = date.toISOString();
  const at = { Y: [0, 4], m: [5, 7], d: [8, 10], H: [11, 13], M: [14, 16], S: [17, 19] }[letter];
  if (at !== undefined) return iso.slice(at[0], at[1]);
  if (letter === "%") return "%";
  if (letter !== "j") return null;
  const day = (Date.parse(iso.slice(0, 10)) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1;
  return String(day).padStart(3, "0");
}

const invalid = (template: string, problem: string): FlowRunnerError =>
  new FlowRunnerError("RESULT_LOCATION_INVALID", { template, problem });
