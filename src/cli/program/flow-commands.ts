import type { Command } from "commander";
import { kinds } from "../../config/index.ts";
import { checkOptions, inspectOptions, saveOptions } from "../options/flow-options.ts";
import { runOptions } from "../options/run-options.ts";
import type { Act } from "./act.ts";
import { addOutputOptions, addParameterOptions, gather, ignoreHelp, jsonHelp, option } from "./flags.ts";

const fileHelp = "a saved flow (path or name) or a TypeScript source";

/** `run`, `save`, `inspect`, `check`: what needs no API. */
export function addFlowCommands(program: Command, act: Act): void {
  const run = program
    .command("run")
    .summary("run a flow here, without an API")
    .description("Runs a flow here, without an API. Exit code 1 when the flow failed.")
    .argument("<file>", fileHelp)
    .option("--flow <name>", "which flow, when the file holds several")
    .option("--checkpoint", "persist results with their handlers (PREFECT__FLOWS__CHECKPOINTING)")
    .option("--no-checkpoint", "persist no result")
    .option("--only <task>", "only this task and all upstream of it; repeatable", gather, [])
    .option("--watch", "run again each time that the source is saved")
    .option("--trace <file>", "write a trace of the run, for chrome://tracing or ui.perfetto.dev")
    .addOption(option("--concurrency <count>", "how many tasks run at the same time (default: 32)", kinds.count));
  addOutputOptions(addParameterOptions(run)).action(
    act(runOptions, async (options, file) => (await import("../commands/runs/run.ts")).runCommand(file, options)),
  );

  program
    .command("save")
    .summary("save the flows of a source as one artifact")
    .description(
      "Saves the flows that a module exports as one artifact: their code, bundled, and a manifest in its first line.",
    )
    .argument("<entry>", "the TypeScript or JavaScript module that exports the flows")
    .option("-o, --output <file>", "where to (default: ~/.prefect/<flow>.prefect)")
    .option("--json", jsonHelp)
    .action(
      act(saveOptions, async (options, entry) =>
        (await import("../commands/flows/save.ts")).saveCommand(entry, options),
      ),
    );

  program
    .command("inspect")
    .summary("show what a flow consists of")
    .description(
      "Shows an artifact's manifest, and the tasks, edges and parameters of its flows. The flow's code runs in a process of its own.",
    )
    .argument("<file>", fileHelp)
    .option("--flow <name>", "only this flow")
    .option("--json", jsonHelp)
    .action(
      act(inspectOptions, async (options, file) =>
        (await import("../commands/flows/inspect.ts")).inspectCommand(file, options),
      ),
    );

  program
    .command("check")
    .summary("find out whether a flow would run in this place")
    .description(
      "Loads a flow in a process of its own and reports what would keep it from running in this place, or from being resumed.",
    )
    .argument("<file>", fileHelp)
    .option("--flow <name>", "only this flow")
    .option("--json", jsonHelp)
    .option("--ignore <gotcha>", ignoreHelp, gather, [])
    .action(
      act(checkOptions, async (options, file) =>
        (await import("../commands/flows/check.ts")).checkCommand(file, options),
      ),
    );
}
