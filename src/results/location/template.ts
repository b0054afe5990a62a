import { FlowRunnerError } from "../../errors/index.ts";
import type { LocationContext } from "../../flow/result-handler.ts";
import { formatField, lookUp } from "./field.ts";

/** A location as an author gives it: a template, or a function of the context. */
export type LocationTemplate = string | ((context: LocationContext) => string);

/** The longest key that S3, GCS and Azure take. */
const maxBytes = 1024;

/**
 * Fills a location template, a subset of Python's `str.format`: `{name}`, `{parameters[day]}`, `{rows.id}`, `{{` and
 * `}}` for braces, and the specs `:03d` for whole numbers and `:%Y-%m-%d` for dates.
 *
 * Names are looked up in the task's inputs, then the context (`flow_name`, `map_index`, `date`, …), then the
 * parameters; `map_index` of a task that is not mapped is `None`. Prefect 1.x: the same names, order and braces.
 *
 * A value can never lead out of the template's own folders: `/`, `\` and control characters in values are written as
 * `%2F` and the like, and a location with a `..` in it is refused.
 *
 * @throws `RESULT_LOCATION_NAME` for an unknown name, listing the known ones; `RESULT_LOCATION_INVALID`.
 *
 * @example
 * ```ts
 * formatLocation("{flow_name}/{task_full_name}-{parameters[day]}.bin", context); // "weather/mean[3]-2012-01-01.bin"
 * ```
 */
export function formatLocation(template: LocationTemplate, context: LocationContext): string {
  const text = typeof template === "function" ? fromFunction(template, context) : fill(template, context);
  return checkLocation(text, typeof template === "function" ? text : template);
}

function fromFunction(make: (context: LocationContext) => string, context: LocationContext): string {
  const text: unknown = make(context);
  if (typeof text === "string") return text;
  throw new FlowRunnerError("RESULT_LOCATION_INVALID", {
    template: String(text),
    problem: "the location function did not return a string",
  });
}

function fill(template: string, context: LocationContext): string {
  return parts(template)
    .map((part) => {
      if (part.kind === "text") return part.text;
      const { value, spec } = lookUp(part.text, context, template);
      return formatField(value, spec, part.text, template);
    })
    .join("");
}

type Part = { readonly kind: "text" | "field"; readonly text: string };

function parts(template: string): Part[] {
  const found: Part[] = [];
  for (const [token] of template.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (token === "{{" || token === "}}") found.push({ kind: "text", text: token.charAt(0) });
    else if (token === "{" || token === "}") {
      throw new FlowRunnerError("RESULT_LOCATION_INVALID", {
        template,
        problem: `it has a single "${token}" (write "${token}${token}" for a brace)`,
      });
    } else if (token.startsWith("{")) found.push({ kind: "field", text: token.slice(1, -1) });
    else found.push({ kind: "text", text: token });
  }
  return found;
}

/** Refuses what no store could hold, or what would leave the handler's folder. */
export function checkLocation(location: string, template: string): string {
  const problem = problemOf(location);
  if (problem !== null) throw new FlowRunnerError("RESULT_LOCATION_INVALID", { template, problem });
  return location;
}

function problemOf(location: string): string | null {
  if (location.trim() === "") return "it is empty";
  if (location.startsWith("/")) return 'it begins with "/"; locations are relative to the folder, bucket or container';
  if (location.endsWith("/")) return 'it ends with "/"; it has to name an object';
  if (location.includes("\0")) return "it contains a NUL character";
  const step = location.split(/[/\\]/).find((segment) => segment === ".." || segment === ".");
  if (step !== undefined) return `it contains the step "${step}", which could lead to another folder`;
  const bytes = Buffer.byteLength(location);
  return bytes > maxBytes ? `it is ${bytes} bytes long, and a key has at most ${maxBytes}` : null;
}
