import { type Dirent, readdirSync } from "node:fs";
import type { Command as CompletedCommand } from "@bomb.sh/tab";
import type { Command } from "commander";

const name = "complete";
const about = "print a shell's completion: source <(flow-runner complete zsh) (bash, zsh, fish, powershell)";

/**
 * Adds `complete`, which prints a script for a shell and answers what that script asks at each press of Tab
 * (`complete -- words…`). What answers is loaded only for that.
 *
 * @param words - what follows the binary's name
 */
export async function addCompletion(program: Command, words: readonly string[]): Promise<void> {
  if (words[0] !== name) {
    program.command(name).summary(about).argument("[shell]");
    return;
  }
  const { default: complete } = await import("@bomb.sh/tab/commander");
  const completed = complete(program);
  const typed = words.at(-1) ?? "";
  for (const command of completed.commands.values()) addFiles(command, typed);
}

/** Where a command takes a file: the flows and sources below the folder that is being typed. */
function addFiles(command: CompletedCommand, typed: string): void {
  for (const argument of command.arguments.values()) {
    if (!/file|entry/i.test(argument.name)) continue;
    argument.handler = (found) => {
      for (const path of sourcesBelow(typed.slice(0, typed.lastIndexOf("/") + 1), 4)) found(path, "");
    };
  }
}

/** Whole paths, since a shell puts a space after what it completes, also after a folder. */
function sourcesBelow(folder: string, depth: number): string[] {
  return entriesOf(folder || ".").flatMap((entry) => {
    if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
    if (entry.isDirectory()) return depth > 0 ? sourcesBelow(`${folder}${entry.name}/`, depth - 1) : [];
    return /\.(prefect|[cm]?[jt]s)$/.test(entry.name) ? [`${folder}${entry.name}`] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is not there has nothing to offer.
    return [];
  }
}
