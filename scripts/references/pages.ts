import { gotchasMarkdown } from "../../src/checks/gotchas/table.ts";
import { exitCodeMeanings } from "../../src/cli/program/help.ts";
import { environmentMarkdown } from "../../src/config/index.ts";
import { ExitCode } from "../../src/errors/index.ts";
import { commandsMarkdown } from "./commands.ts";
import { errorsMarkdown } from "./errors.ts";

const page = (title: string, about: string, body: string): string =>
  `# ${title}\n\n<!-- Written by scripts/write-references.ts from the code. -->\n\n${about}\n\n${body.trim()}\n`;

const exitCodes = (): string =>
  [
    "| code | what it says |",
    "| --- | --- |",
    ...Object.entries(ExitCode).map(
      ([name, code]) => `| ${code} | ${exitCodeMeanings[name as keyof typeof ExitCode]} |`,
    ),
    "",
    "130 and 143 are shells' codes of a process that SIGINT or SIGTERM has ended. `execute` has them where the signal makes the run",
    "Crashed or leaves it as it is (`FLOW_RUNNER__ON_STOP`: `crash`, `relinquish`), and at a second signal, or where its grace was",
    "over first: the run's end is not told then.",
  ].join("\n");

/** The pages of `docs/reference/` that follow from the code, by their file's name. */
export const referencePages = (): Readonly<Record<string, string>> => ({
  "commands.md": page(
    "Commands",
    "What each command takes, as `flow-runner help COMMAND` shows it.",
    commandsMarkdown(),
  ),
  "environment-variables.md": page(
    "Environment variables",
    [
      "Names that begin with `PREFECT__` are Prefect's and mean what they mean there. Prefect's configuration file says the same",
      "in TOML (`[cloud] heartbeat_interval = 10`); a variable wins over it. `$NAME`, `~` and references such as `cloud.api` in braces are replaced",
      "as Prefect does, but never in keys, secrets and ids. Of several names the first that is set and not empty wins.",
    ].join("\n"),
    environmentMarkdown(),
  ),
  "errors.md": page(
    "Errors",
    "A message ends with its code in brackets. Each says what happened, to what, and what to do next; `‹…›` stands for what differs.",
    errorsMarkdown(),
  ),
  "exit-codes.md": page("Exit codes", "What the binary's exit code says.", exitCodes()),
  "gotchas.md": page(
    "Gotchas",
    "What `flow-runner check` and the last step of a build warn of, and what to do about it. `--ignore NAME` silences one.",
    gotchasMarkdown(),
  ),
});
