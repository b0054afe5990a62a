import { type Command, CommanderError } from "commander";
import { ExitCode } from "../../errors/index.ts";
import { asksForJson } from "../process/asks-for-json.ts";
import { actWith } from "./act.ts";
import { commandLine } from "./command-line.ts";
import { addCompletion, answerTo, askedToComplete } from "./completion/index.ts";
import { programName } from "./program-name.ts";

/**
 * Parses a command line and runs its command; resolves with the exit code.
 *
 * @param argv - as `process.argv`
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode: number = ExitCode.ok;
  const act = actWith((code) => {
    exitCode = code;
  });
  const words = argv.slice(2);
  const json = asksForJson(words);
  const program = commandLine(programName(argv[1]), act, { json });
  addCompletion(program, act);
  const asked = askedToComplete(words);
  if (asked !== null) {
    process.stdout.write(await answerTo(asked, program));
    return ExitCode.ok;
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has already written what it has to say; its own code for asked-for help is 0.
    if (error.exitCode === 0) return ExitCode.ok;
    if (!json && error.code !== "commander.help")
      process.stderr.write(`Try "${calledCommand(words, program)} --help".\n`);
    return ExitCode.usage;
  }
  return exitCode;
}

/** The command that was meant, as it is called: `flow-runner secrets set`. */
function calledCommand([word, ...more]: readonly string[], command: Command): string {
  const called = command.name();
  const next = command.commands.find((each) => each.name() === word);
  return next === undefined ? called : `${called} ${calledCommand(more, next)}`;
}
