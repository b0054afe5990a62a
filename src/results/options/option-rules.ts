import { FlowRunnerError } from "../../errors/index.ts";
import { kindOf } from "../values/kind-of.ts";

/** What one option of a handler may be. Checked by hand: a flow that only declares a handler loads no schema library. */
export interface OptionRule {
  readonly expected: string;
  readonly required?: true;
  accepts(value: unknown): boolean;
}

export const text: OptionRule = {
  expected: "a text that is not empty",
  accepts: (value) => typeof value === "string" && value.trim() !== "",
};
export const flag: OptionRule = { expected: "true or false", accepts: (value) => typeof value === "boolean" };
export const template: OptionRule = {
  expected: "a location template or a function",
  accepts: (value) => text.accepts(value) || typeof value === "function",
};
export const required = (rule: OptionRule): OptionRule => ({ ...rule, required: true });
export const oneOf = (...values: readonly string[]): OptionRule => ({
  expected: values.map((value) => JSON.stringify(value)).join(" or "),
  accepts: (value) => typeof value === "string" && values.includes(value),
});
export const positive: OptionRule = {
  expected: "a whole number above 0",
  accepts: (value) => Number.isInteger(value) && (value as number) > 0,
};
export const address: OptionRule = {
  expected: "an http:// or https:// address without a user name or password in it",
  accepts: (value) => {
    const url = typeof value === "string" ? URL.parse(value) : null;
    return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  },
};

/**
 * Checks the options of a constructor, so that a typo is told where it was written and not by a failed task.
 *
 * @throws `RESULT_OPTION_INVALID`
 */
export function checkOptions(handler: string, options: object, rules: Readonly<Record<string, OptionRule>>): void {
  const wrong = (problem: string): Error => new FlowRunnerError("RESULT_OPTION_INVALID", { handler, problem });
  for (const [name, value] of Object.entries(options)) {
    const rule = rules[name];
    if (rule === undefined) throw wrong(`there is no option "${name}" (${Object.keys(rules).join(", ")})`);
    if (value !== undefined && !rule.accepts(value)) {
      throw wrong(`\`${name}\` has to be ${rule.expected}, and is ${told(value)}`);
    }
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.required && Reflect.get(options, name) === undefined) throw wrong(`\`${name}\` is missing`);
  }
}

function told(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? JSON.stringify(value) : kindOf(value);
}

/** Without the options that were not given, so that a description holds only what was said. */
export function given<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== "function"),
  ) as Partial<Options>;
}
