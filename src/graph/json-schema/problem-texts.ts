/** What is wrong with a part of a value. */
export interface ValueProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Each with its place: `days[2].from: Invalid ISO date`. */
export const problemTexts = (name: string, problems: readonly ValueProblem[]): readonly string[] =>
  problems.map(({ path, message }) => `${path.reduce<string>(stepped, name)}: ${message}`);

function stepped(before: string, step: string | number): string {
  if (typeof step === "number") return `${before}[${step}]`;
  return /^[\p{L}_$][\p{L}\d_$]*$/u.test(step) ? `${before}.${step}` : `${before}[${JSON.stringify(step)}]`;
}
