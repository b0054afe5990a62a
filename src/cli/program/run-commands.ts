import type { Command } from "commander";
import { kinds } from "../../config/index.ts";
import { debugOptions, logsOptions, resumeOptions, runsOptions } from "../options/run-options.ts";
import { operateOptions } from "../options/shared-options.ts";
import { stateKind } from "../options/state-kind.ts";
import type { Act } from "./act.ts";
import { addApiOptions, addOutputOptions, gather, gathered, jsonHelp, option } from "./flags.ts";

const runHelp = "the flow run's id, or its name (of several the newest)";

/** `runs`, `logs`, `cancel`, `retry`, `resume`, `debug`: what a person does about the runs of an API. */
export function addRunCommands(program: Command, act: Act): void {
  const runs = program
    .command("runs")
    .summary("list an API's flow runs")
    .description("Lists an API's flow runs, newest first.")
    .option("--flow <name>", "only runs of this flow")
    .option("--project <name>", "only runs of flows of this project")
    .addOption(gathered("--state <type>", "only runs in this state, such as Failed; repeatable", stateKind))
    .addOption(option("--limit <n>", "how many at most (default: 20)", kinds.count))
    .option("--json", "as a JSON array");
  addApiOptions(runs).action(
    act(runsOptions, async (options) => (await import("../commands/runs/runs.ts")).runsCommand(options)),
  );

  const logs = program
    .command("logs")
    .summary("show a flow run's log")
    .description("Shows the log that the API holds of a flow run, oldest line first.")
    .argument("<run>", runHelp)
    .option("-f, --follow", "go on with the lines that come, until the run is over")
    .option("--task <name[index]>", "only lines of this task, or of one of its mapped children")
    .addOption(option("--level <level>", `least level that is shown: ${kinds.logLevel.allowed}`, kinds.logLevel))
    .option("--json", "one JSON object a line");
  addApiOptions(logs).action(
    act(logsOptions, async (options, run) => (await import("../commands/runs/logs.ts")).logsCommand(run, options)),
  );

  const cancel = program
    .command("cancel")
    .summary("cancel a flow run")
    .description(
      "Cancels a flow run: one that runs is Cancelling until its container has ended its tasks, one that has not begun is Cancelled at once, one that is over stays as it is. Prints the state.",
    )
    .argument("<run>", runHelp)
    .option("--json", jsonHelp);
  addApiOptions(cancel).action(
    act(operateOptions, async (options, run) =>
      (await import("../commands/runs/cancel.ts")).cancelCommand(run, options),
    ),
  );

  const retry = program
    .command("retry")
    .summary("have a failed flow run go on from what failed")
    .description(
      "Runs again what failed in a flow run or was cancelled, and what followed from it; everything else keeps its result. The run is scheduled at once, for an agent to start.",
    )
    .argument("<run>", runHelp)
    .option("--json", jsonHelp);
  addApiOptions(retry).action(
    act(operateOptions, async (options, run) => (await import("../commands/runs/retry.ts")).retryCommand(run, options)),
  );

  const resume = program
    .command("resume")
    .summary("go on with a failed flow run here, also with a mended flow")
    .description(
      "Goes on with a flow run on this machine, as a container would: what failed or was cancelled runs again, and what followed from it; everything else keeps its result. With --artifact the run goes on with a mended flow, whose tasks must have the same slugs; the run's log says so. Exit code 1 when the flow failed again.",
    )
    .argument("<run>", runHelp)
    .option(
      "--artifact <file>",
      "the flow to go on with: a saved one or a TypeScript source (default: what was registered)",
    )
    .option("--trace <file>", "write a trace of the run, for chrome://tracing or ui.perfetto.dev");
  addApiOptions(addOutputOptions(resume)).action(
    act(resumeOptions, async (options, run) =>
      (await import("../commands/runs/resume.ts")).resumeCommand(run, options),
    ),
  );

  const debug = program
    .command("debug")
    .summary("find out why a flow run failed, and run a part of it again here")
    .description(
      "Shows a flow run: its tasks, what failed first, why, and its log. With --task or --from it runs that part again on this machine, with the inputs it had, as often as you like: the API is told nothing, and no result is written.",
    )
    .argument("<run>", runHelp)
    .option("--task <name[index]>", "run this task again, or one of its mapped children")
    .option("--from <name[index]>", "run this task again and everything downstream of it")
    .option("--artifact <file>", "the flow to run: a saved one or a TypeScript source (default: what was registered)")
    .option(
      "--set <input=value>",
      "another input in the place of its own; JSON if it parses, else text; repeatable",
      gather,
      [],
    )
    .addOption(
      option(
        "--inspect [port]",
        "wait for a debugger on the first line of the task (default port: 9229)",
        kinds.port,
      ).preset("9229"),
    )
    .option("--edit <source>", "the flow's source in the place of the artifact; runs again each time that it is saved")
    .option("--report", "tell the API the states and write the results; else neither is done")
    .option("--remake", "run those tasks too whose results are needed and were not persisted");
  addApiOptions(addOutputOptions(debug)).action(
    act(debugOptions, async (options, run) =>
      (await import("../commands/runs/debug/debug.ts")).debugCommand(run, options),
    ),
  );
}
