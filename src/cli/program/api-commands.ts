import type { Command } from "commander";
import { kinds } from "../../config/index.ts";
import { registerOptions } from "../options/flow-options.ts";
import { createRunOptions } from "../options/run-options.ts";
import { serveOptions } from "../options/service-options.ts";
import { operateOptions } from "../options/shared-options.ts";
import type { Act } from "./act.ts";
import { addApiOptions, addParameterOptions, gather, jsonHelp, option } from "./flags.ts";

const jsonLinesHelp = "one JSON object a line";

/**
 * `register`, `create-run`, `deliver`, `secrets`, `api`: what talks to an API, or is one.
 *
 * @param options - `json`: a mistake in the words is said as JSON, with no hint behind it
 */
export function addApiCommands(program: Command, act: Act, { json }: { readonly json: boolean }): void {
  const register = program
    .command("register")
    .summary("register a flow with an API")
    .description(
      "Registers a saved flow with an API, together with where its artifact lies and the artifact's digest. Prints the flow's id; a flow that has not changed keeps its version.",
    )
    .argument("<file>", "a saved flow (path or name) or a TypeScript source, which is saved first")
    .requiredOption("--project <name>", "project to register it in")
    .option("--create-project", "create the project if it is not there")
    .option("--flow <name>", "only this flow, when the file holds several")
    .option("-n, --name <name>", "the same, by the name that it has in Prefect")
    .option("-l, --label <label>", "a label that agents must have, beside those of the flow; repeatable", gather, [])
    .option("--run-config <json>", 'how agents of Prefect 1.x run it: {"type":"DockerRun"}, or a file that holds it')
    .option("--env <name=value>", "an environment variable of its runs; repeatable", gather, [])
    .option("--no-schedule", "leave the flow's schedule inactive")
    .option("--force", "make a new version even if nothing has changed")
    .option(
      "--image <reference>",
      "the image that holds the artifact in /root/.prefect/, such as registry:5000/weather:1.2",
    )
    .option("--json", jsonLinesHelp);
  addApiOptions(register).action(
    act(registerOptions, async (options, file) =>
      (await import("../commands/flows/register.ts")).registerCommand(file, options),
    ),
  );

  const createRun = program
    .command("create-run")
    .summary("create a run of a registered flow")
    .description("Creates a run of a registered flow, due at once, for an agent to pick up. Prints the flow run's id.")
    .argument("<flow>", "the flow's id or its name; in Prefect 3 the deployment's, as in flow/deployment")
    .option("--project <name>", "where a flow of this name is looked for")
    .option("--name <name>", "name of the run")
    .option("--json", jsonHelp);
  addApiOptions(addParameterOptions(createRun)).action(
    act(createRunOptions, async (options, flow) =>
      (await import("../commands/runs/create-run.ts")).createRunCommand(flow, options),
    ),
  );

  const deliver = program
    .command("deliver")
    .summary("send what a run could not tell its API")
    .description(
      "Sends the states and log lines that a run has kept because its API was out of reach. What the API has already is not sent again, and what it has concluded meanwhile is not overruled. What was sent leaves the file.",
    )
    .argument("<file...>", "files that `execute` has named at its end")
    .option("--json", jsonLinesHelp);
  addApiOptions(deliver).action(
    act(operateOptions, async (options, _, files) =>
      (await import("../commands/runs/deliver.ts")).deliverCommand(files, options),
    ),
  );

  addSecrets(program, act, json);

  program
    .command("api")
    .summary("serve the embedded API")
    .description(
      "Serves the embedded API, for development and tests: GraphQL in the shapes of Prefect 1.x over SQLite, and a web page of its runs.",
    )
    .addOption(option("--port <port>", "port to listen on; 0 takes a free one (default: 4200)", kinds.port))
    .option("--host <address>", "address to listen on (default: 127.0.0.1, this machine only)")
    .option("--data <file>", "database file (default: in memory)")
    .option(
      "--key <key>",
      "key that requests have to carry (default: none; a fresh one, which is printed, where others can reach it)",
    )
    .option("--record <file>", "stand before a real server, and keep what is said in a new file, without secrets")
    .option("--upstream <address>", "address of the real server, with --record")
    .option("--replay <file>", "answer as the server in a recording did")
    .option("--json", jsonHelp)
    .action(act(serveOptions, async (options) => (await import("../commands/services/api.ts")).apiCommand(options)));
}

function addSecrets(program: Command, act: Act, json: boolean): void {
  const secrets = program
    .command("secrets")
    .summary("set, list and delete secrets")
    .description("Secrets that the API keeps.");
  addApiOptions(
    secrets
      .command("set")
      .description("Sets a secret; its value is read from standard input, or typed unseen on a terminal.")
      .showHelpAfterError(
        json ? false : "The value is read from standard input, as in: flow-runner secrets set NAME < FILE",
      )
      .argument("<name>", "the secret's name")
      .option("--json", jsonHelp),
  ).action(
    act(operateOptions, async (options, name) => (await import("../commands/secrets.ts")).setSecret(name, options)),
  );
  addApiOptions(
    secrets.command("list").description("Lists the names of the secrets.").option("--json", jsonHelp),
  ).action(act(operateOptions, async (options) => (await import("../commands/secrets.ts")).listSecrets(options)));
  addApiOptions(
    secrets
      .command("delete")
      .description("Deletes a secret.")
      .argument("<name>", "the secret's name")
      .option("--json", jsonHelp),
  ).action(
    act(operateOptions, async (options, name) => (await import("../commands/secrets.ts")).deleteSecret(name, options)),
  );
}
