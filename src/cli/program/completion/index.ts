import { Argument, type Command } from "commander";
import { z } from "zod";
import { ExitCode } from "../../../errors/index.ts";
import type { Act } from "../act.ts";
import { type Asked, askedByLine } from "./typed.ts";

const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** Adds `complete SHELL`, which prints the script that has a shell ask at each press of Tab. */
export function addCompletion(program: Command, act: Act): void {
  program
    .command("complete")
    .summary(`print a shell's completion: source <(flow-runner complete zsh) (${shells.join(", ")})`)
    .description(
      "Prints what a shell needs to complete words at Tab. bash and zsh: source <(flow-runner complete bash). fish: flow-runner complete fish | source. PowerShell: flow-runner complete powershell | Out-String | Invoke-Expression.",
    )
    .addArgument(new Argument("<shell>", "whose script").choices(shells))
    .action(
      act(z.object({}), async (_, shell) => {
        const { scripts } = await import("./scripts.ts");
        process.stdout.write(scripts[z.enum(shells).parse(shell)](program.name()));
        return ExitCode.ok;
      }),
    );
}

/**
 * What a shell's script asks, or null for any other command line: `complete --typed=WORD -- words…`, or, where a shell
 * does not tell words without their quotes, `complete --line TEXT WORD`.
 *
 * @param words - what follows the binary's name
 */
export function askedToComplete([command, form = "", ...words]: readonly string[]): Asked | null {
  if (command !== "complete") return null;
  if (form === "--line") return askedByLine(words[0] ?? "", words[1] ?? "");
  const [, typed] = /^--typed=(.*)$/s.exec(form) ?? [];
  return typed === undefined ? null : { before: words.slice(1), typed, kept: 0, quoted: asIs, redirected: false };
}

/**
 * Answers a shell. The first line says what the shell offers: `words`, those of the lines that follow, each with a tab
 * and what it is behind it; `files` and `flows`, also the files, or those of flows, that it finds by itself.
 */
export async function answerTo(asked: Asked, program: Command): Promise<string> {
  const { offersAt } = await import("./offers.ts");
  const { more, offers } = await offersAt(program, asked);
  // A shell quotes names of files, and what goes with them.
  const insert = more === "words" ? asked.quoted : asIs;
  const lines = offers
    .filter(({ word }) => word.startsWith(asked.typed))
    .map(({ word, about }) => `${insert(word.slice(asked.kept))}\t${about.replaceAll(/\s+/g, " ")}`);
  return [more, ...lines, ""].join("\n");
}

const asIs = (word: string): string => word;
