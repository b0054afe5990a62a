import { type Duration, milliseconds } from "../../../../flow/index.ts";

/** An option that is a length of time, in milliseconds. @param refuse - told what is wrong with one that is none */
export const lengthOption = (name: string, given: Duration, refuse: (problem: string) => never): number =>
  milliseconds(given) ??
  refuse(`option ${name} is not a length of time: ${given}. Give milliseconds, or a text like "10s", "5m", "1h".`);
