import type { Command } from "commander";
import { commandLine } from "../../src/cli/program/command-line.ts";

/** Every command with its flags, as `--help` shows them. */
export function commandsMarkdown(): string {
  const program = commandLine("flow-runner", () => async () => {});
  return leaves(program)
    .map(({ words, command }) => [`## ${words}`, "", "```text", helpOf(command), "```"].join("\n"))
    .join("\n\n");
}

interface Leaf {
  readonly words: string;
  readonly command: Command;
}

const leaves = (command: Command, words = "flow-runner"): Leaf[] =>
  command.commands.length === 0
    ? [{ words, command }]
    : command.commands.flatMap((each) => leaves(each, `${words} ${each.name()}`));

const helpOf = (command: Command): string => command.configureHelp({ helpWidth: 110 }).helpInformation().trim();
