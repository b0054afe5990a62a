/** A place inside a value, as a user would write it: `$.rows[3].when`, `$["odd key"]`, `$.byDay<key 2>`. */
export type Step =
  | string
  | number
  | { readonly mapKey: number }
  | { readonly mapValue: number }
  | { readonly member: number };

/** What is wrong with a value, and where. */
export interface Fault {
  readonly path: string;
  readonly what: string;
}

/** Writes a path; `$` is the value itself. */
export function pathOf(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => path + stepText(step), "$");
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "string") {
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  }
  if ("mapKey" in step) return `<key ${step.mapKey}>`;
  if ("mapValue" in step) return `<value ${step.mapValue}>`;
  return `<member ${step.member}>`;
}

/** Ends a walk at the first fault without unwinding by hand. */
export class FaultFound extends Error {
  readonly fault: Fault;
  constructor(steps: readonly Step[], what: string) {
    super(what);
    this.fault = { path: pathOf(steps), what };
  }
}

/** Runs a walk; the fault it found, or null. A value nested deeper than the stack is a fault too. */
export function firstFault(walk: () => void): Fault | null {
  try {
    walk();
    return null;
  } catch (error) {
    if (error instanceof FaultFound) return error.fault;
    if (error instanceof RangeError) return { path: "$", what: "nested too deeply" };
    throw error;
  }
}
