import type { Argument, Command, Option } from "commander";
import type { Asked } from "./typed.ts";

/** Where in a command line somebody is. */
export interface Place {
  /** The innermost command that is named. */
  readonly command: Command;
  /** What that command was given beside flags. */
  readonly given: readonly string[];
  /** The values of its flags so far, by the flags' long names. */
  readonly values: ReadonlyMap<string, string>;
  /** A flag that lacks its value, which is being typed. */
  readonly option: Option | null;
  /** What stands before the value in the word that is typed: `--format=`. */
  readonly prefix: string;
  /** True: the word that is typed may be a flag. */
  readonly flags: boolean;
}

/** Goes through the words as commander will. */
export function placeIn(program: Command, { before, typed }: Pick<Asked, "before" | "typed">): Place {
  let command = program;
  let given: string[] = [];
  const values = new Map<string, string>();
  let option: Option | null = null;
  let flags = true;
  for (const word of before) {
    if (option !== null) {
      values.set(option.long ?? "", word);
      option = null;
    } else if (flags && word === "--") {
      flags = false;
    } else if (flags && /^-./.test(word)) {
      option = lackingValue(command, word);
      const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      if (name !== undefined && value !== undefined) values.set(name, value);
    } else {
      const inner = given.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      [command, given] = inner === undefined ? [command, [...given, word]] : [inner, []];
    }
  }
  const [prefix = ""] = (flags && option === null && /^--[^=]+=/.exec(typed)) || [];
  if (prefix !== "") option = optionOf(command, prefix.slice(0, -1));
  return { command, given, values, option, prefix, flags };
}

/** The argument of a command that is typed after those that are given. */
export function argumentAt({ command, given }: Place): Argument | undefined {
  const { registeredArguments: all } = command;
  return all[given.length] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
}

/** `--task` and `-p`, but not `--task=…`, `-pdays=…`, and none whose value may be left out. */
function lackingValue(command: Command, word: string): Option | null {
  const option = optionOf(command, word);
  return option?.required ? option : null;
}

const optionOf = (command: Command, word: string): Option | null =>
  command.options.find(({ long, short }) => long === word || short === word) ?? null;
