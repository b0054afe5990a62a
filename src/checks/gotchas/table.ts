import { environmentVariable } from "./environment-variable.ts";
import type { Gotcha } from "./gotcha.ts";
import { localAddress } from "./local-address.ts";
import { missingFile } from "./missing-file.ts";
import { missingPackage } from "./missing-package.ts";
import { unfitResult } from "./unfit-result.ts";
import { unpersistedInput } from "./unpersisted-input.ts";

/** All that the code is read for. */
export const codeGotchas: readonly Gotcha[] = [
  environmentVariable,
  missingFile,
  localAddress,
  missingPackage,
  unfitResult,
];

/** Every gotcha that has a name to ignore it by. */
export const gotchas: readonly Omit<Gotcha, "find">[] = [...codeGotchas, unpersistedInput];

/** The rows of the table in the documentation. */
export function gotchasMarkdown(): string {
  const rows = gotchas.map(({ name, about, cure }) => `| \`${name}\` | ${about} | ${cure}. |`);
  return `${["| name | what it warns of | cure |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
}
