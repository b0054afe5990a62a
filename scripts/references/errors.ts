import { ExitCode, errorTable } from "../../src/errors/index.ts";
import { anyDetails } from "./placeholder.ts";

/** Every error: its code, the process's exit code, and its message with `‹names›` in the place of what differs. */
export function errorsMarkdown(): string {
  const rows = Object.entries(errorTable).map(([code, { exit, message }]) => {
    // What a message is told differs from row to row; a placeholder stands for all of it.
    const text = (message as (details: unknown) => string)(anyDetails());
    return `| \`${code}\` | ${ExitCode[exit]} | ${cell(text)} |`;
  });
  return ["| code | exit code | message |", "| --- | --- | --- |", ...rows.sort()].join("\n");
}

/** What Markdown or HTML would read differently in a table's cell is put as it is. */
const cell = (text: string): string =>
  text
    .trim()
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replaceAll("*", "\\*")
    .replaceAll("_", "\\_")
    .replace(/\s*\n\s*/g, "<br>");
