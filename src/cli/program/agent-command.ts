import type { Command } from "commander";
import { kinds } from "../../config/index.ts";
import { agentOptions } from "../options/service-options.ts";
import type { Act } from "./act.ts";
import { addApiOptions, addOutputOptions, gather, option } from "./flags.ts";

/** `agent`: what starts the runs that others create. */
export function addAgentCommand(program: Command, act: Act): void {
  const agent = program
    .command("agent")
    .summary("poll an API for flow runs that are due, and start them")
    .description(
      "Polls an API for flow runs that are due, and starts each as a process on this machine, or with --docker as a container of its image. It takes runs whose labels it all has; without labels, those that have none. SIGINT or SIGTERM ends it, and what it has started goes on.",
    )
    .option("-n, --name <name>", "its name with the API and in the logs (default: agent)")
    .option("-l, --label <label>", "a label; repeatable", gather)
    .option("-e, --env <name=value>", "a variable for the environment of every run; repeatable", gather)
    .addOption(option("--poll-interval <time>", "longest wait between two polls (default: 10s)", kinds.interval))
    .addOption(option("--max-polls <n>", "poll so often, wait for the runs it has started, and end", kinds.count))
    .option("--once", "the same as --max-polls 1")
    .addOption(option("--max-runs <n>", "how many runs may go on at once (default: no limit)", kinds.count))
    .option("--agent-address <address>", "where to answer /api/health and /api/poke, such as http://127.0.0.1:8080")
    .option("--docker", "start each run as a container of its flow's image")
    .option("--network <name>", "with --docker: the network that containers join (default: the engine's own)")
    .option("--no-pull", "with --docker: start the copies of images that are on this machine")
    .option("--no-cloud-logs", "let no run send its log to the API")
    .option("--show-flow-logs", "show what the runs print");
  addApiOptions(addOutputOptions(agent)).action(
    act(agentOptions, async (options) => (await import("../commands/services/agent.ts")).agentCommand(options)),
  );
}
