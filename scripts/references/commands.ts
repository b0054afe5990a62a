import type { Command } from "commander";
import { commandLine } from "../../src/cli/program/command-line.ts";

const json = `## What \`--json\` prints

Every command that prints something has \`--json\`, but for \`execute\`, which takes no flags (\`FLOW_RUNNER__FORMAT=json\`, the default off a
terminal). On stdout is JSON alone then: one value, or one object a line where the command says so and where it shows a run
(\`run\`, \`resume\`, \`debug --task\`, \`agent\`). \`complete\` prints a script.

An error is one line of JSON on stderr, the last one, beside the exit code; \`code\` is one of [the errors](errors.md), \`USAGE\` for a
mistake in the words themselves, or null for a mistake in flow-runner. What else is on stderr is for people.

\`\`\`json
{"error":{"code":"FLOW_RUN_UNKNOWN","message":"…","exitCode":2}}
\`\`\``;

/** Every command with its flags, as `--help` shows them. */
export function commandsMarkdown(): string {
  const program = commandLine("flow-runner", () => async () => {});
  const commands = leaves(program).map(({ words, command }) =>
    [`## ${words}`, "", "```text", helpOf(command), "```"].join("\n"),
  );
  return [json, ...commands].join("\n\n");
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
