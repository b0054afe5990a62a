import { Argument, Command } from "commander";
import { z } from "zod";
import { environmentMarkdown, version } from "../../config/index.ts";
import { ExitCode } from "../../errors/index.ts";
import { failureJson } from "../process/failure.ts";
import type { Act } from "./act.ts";
import { addAgentCommand } from "./agent-command.ts";
import { addApiCommands } from "./api-commands.ts";
import { addFlowCommands } from "./flow-commands.ts";
import { closingHelp, environmentHelp, environmentJson } from "./help.ts";
import { addImageCommands } from "./image-commands.ts";
import { addRunCommands } from "./run-commands.ts";

const environmentOptions = z.object({ json: z.boolean().default(false), markdown: z.boolean().default(false) });

/** A mistake in the words, without the value of an option that does not exist: it may be a password. */
const mistake = (text: string): string =>
  text.replace(/^error: /, "flow-runner: ").replace(/^(.*unknown option '[^'=]+)=.*'$/m, "$1'");

const mistakeJson = (text: string): string => {
  const message = mistake(text).replace("flow-runner: ", "").trim();
  return `${failureJson({ code: "USAGE", message, exitCode: ExitCode.usage })}\n`;
};

/**
 * All commands with their flags, as commander knows them; whatever is done is loaded when a command runs.
 *
 * @param name - what the binary was called by
 * @param act - makes a command's action
 * @param options - `json`: a mistake in the words is said as JSON. Default: false
 */
export function commandLine(name: string, act: Act, { json = false }: { readonly json?: boolean } = {}): Command {
  const program = new Command(name)
    .description(
      "Runs saved flows: here, or as the binary in a flow's container that drives one run against a Prefect API.",
    )
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText("after", closingHelp())
    .configureOutput({ outputError: (text, write) => write(json ? mistakeJson(text) : mistake(text)) })
    .exitOverride();

  program
    .command("execute")
    .summary("execute the flow run that the environment names")
    .description(
      "Executes the flow run PREFECT__CONTEXT__FLOW_RUN_ID against the API PREFECT__CLOUD__API. It takes everything from the environment; see `flow-runner environment`.",
    )
    .addArgument(new Argument("[kind]", "the words that agents of Prefect add").choices(["flow-run", "cloud-flow"]))
    .action(act(z.object({}), async () => (await import("../commands/runs/execute.ts")).executeCommand()));
  addFlowCommands(program, act);
  addImageCommands(program, act);
  addApiCommands(program, act, { json });
  addRunCommands(program, act);
  addAgentCommand(program, act);
  program
    .command("environment")
    .summary("list the environment variables")
    .description(
      "Lists every environment variable that is read, with its default, and those of Prefect's without effect.",
    )
    .option("--json", "as JSON")
    .option("--markdown", "as the tables of the documentation")
    .action(
      act(environmentOptions, async ({ json, markdown }) => {
        process.stdout.write(json ? environmentJson() : markdown ? environmentMarkdown() : environmentHelp());
        return ExitCode.ok;
      }),
    );
  return program;
}
