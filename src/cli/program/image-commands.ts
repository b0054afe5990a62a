import { type Command, Option } from "commander";
import { kinds } from "../../config/index.ts";
import { deployOptions, imageOptions } from "../options/image-options.ts";
import type { Act } from "./act.ts";
import { addApiOptions, addParameterOptions, gather, ignoreHelp, jsonHelp, option } from "./flags.ts";

const filesHelp = "saved flows (paths or names) or TypeScript sources, which are saved first; all go into one image";

/** `build`, `deploy`: what makes images. */
export function addImageCommands(program: Command, act: Act): void {
  const build = program
    .command("build")
    .summary("build a Docker image of flows")
    .description(
      "Builds a Docker image that holds flows and the packages they import, checks them in it, and pushes it where --registry names a registry. Prints the image's name.",
    )
    .argument("<file...>", filesHelp)
    .option("--json", jsonHelp);
  addImageOptions(build).action(
    act(imageOptions, async (options, _, files) =>
      (await import("../commands/flows/build.ts")).buildCommand(files, options),
    ),
  );

  const deploy = program
    .command("deploy")
    .summary("build, push and register flows in one go")
    .description(
      "Builds an image of flows, pushes it and registers each of them with an API; with --directory the flows are put into a folder instead. Prints the flows' ids. With --work-pool they become deployments of a Prefect 3 server (--api prefect3: the one of PREFECT_API_URL), whose ids are printed.",
    )
    .argument("<file...>", filesHelp)
    .option("--json", "one JSON object a line, for each flow")
    .option("--project <name>", "project to register them in; not for Prefect 3")
    .option("--create-project", "create the project if it is not there")
    .option("--directory <folder>", "no image: a folder of this machine, for agents and workers that run flows on it");
  addPrefect3Options(deploy);
  addApiOptions(addImageOptions(deploy)).action(
    act(deployOptions, async (options, _, files) =>
      (await import("../commands/flows/deploy.ts")).deployCommand(files, options),
    ),
  );
}

/** What a deployment of Prefect 3 is given. */
function addPrefect3Options(command: Command): void {
  addParameterOptions(
    command
      .optionsGroup("Options for Prefect 3:")
      .option("--work-pool <name>", "the pool whose workers start the runs")
      .option("--create-pool <type>", "make the pool if it is not there: process, docker, kubernetes")
      .option("--work-queue <name>", "a queue of the pool")
      .option("--name <name>", "name of the deployment (default: the flow's)")
      .option("--command <command>", "what a worker starts (default: what executes the run)")
      .option(
        "--job-variable <name=value>",
        "a value for the pool's job template; JSON if it parses, else text; repeatable",
        gather,
        [],
      )
      .option("--cron <text>", "start runs by this cron text, in place of the flow's schedule; repeatable", gather, [])
      .option("--interval <duration>", "start a run each 6h, 1d and the like; repeatable", gather, [])
      .option("--time-zone <name>", "whose clocks --cron and --interval go by (default: UTC)")
      .option("--no-schedule", "start no runs by the flow's schedule")
      .option("--paused", "start no runs by any schedule until the deployment is resumed")
      .option("--run-tag <tag>", "tag of the runs; repeatable", gather, [])
      .option("--description <text>", "what the server's pages say of it")
      .addOption(option("--concurrency-limit <number>", "how many runs there may be at once", kinds.count))
      .addOption(
        new Option("--on-too-many <what>", "what becomes of a run that is one too many (default: wait)").choices([
          "wait",
          "cancel",
        ]),
      ),
  );
  command.optionsGroup("Options:");
}

/** What `Docker` takes in code. */
function addImageOptions(command: Command): Command {
  return command
    .option("--registry <address>", "registry to push to, such as localhost:5000 or ghcr.io/team")
    .option("--image <name>", "name of the image (default: the flow's)")
    .option("--tag <tag>", "tag of the image (default: the time)")
    .option("--base <image>", "image to start from (default: flow-runner's own for the Node of the flows)")
    .option("--dockerfile <file>", "a Dockerfile of yours to start from; its folder is the context")
    .option(
      "--dependency <package>",
      "package beside those that the flows import, or file:PATH; repeatable",
      gather,
      [],
    )
    .option("--apt <package>", "Debian package; repeatable", gather, [])
    .option("--file <source:destination>", "file or folder, and where it goes in the image; repeatable", gather, [])
    .option(
      "--env <name=value>",
      "environment variable of the image, readable by whoever can pull it (deploy --directory: of the runs); repeatable",
      gather,
      [],
    )
    .option("--secret <id=path>", "file that is there while the image is built and in no layer; repeatable", gather, [])
    .option("--prefect-directory <folder>", "folder of the flows in the image (default: /root/.prefect)")
    .option("--platform <platform>", "such as linux/arm64 (default: the engine's own)")
    .option("--local-image", "do not pull the base image")
    .option("--ignore-healthchecks", "build also what fails the health checks")
    .option("--ignore <gotcha>", ignoreHelp, gather, [])
    .option("--no-push", "do not push")
    .option("--keep", "keep the image on this machine after it was pushed")
    .option("--strict", "refuse environment variables that look like secrets");
}
