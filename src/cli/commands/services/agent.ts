import { parseAgentEnvironment, parseAuthorEnvironment } from "../../../config/index.ts";
import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { startAgent } from "../../../run/agent/start-agent.ts";
import { accessFor } from "../../options/access.ts";
import type { AgentFlags } from "../../options/service-options.ts";
import { interruptSignal } from "../../process/interrupt.ts";
import { openOutput } from "../../terminal/output/open-output.ts";

/** `agent`: polls until SIGINT or SIGTERM, or as often as it was told. Flags win over what Prefect's agents are told by. */
export async function agentCommand(flags: AgentFlags): Promise<number> {
  const told = parseAgentEnvironment(process.env);
  const env = flags.env === undefined ? told.env : variables(flags.env);
  const name = flags.name ?? told.name;
  const access = await accessFor(flags, process.env);
  const config = parseAuthorEnvironment(process.env);
  const signal = interruptSignal();
  const format = flags.json ? "json" : flags.format;
  /** What a run prints is no JSON where its own format is another one, or where its process has crashed. */
  const show = (line: string): void =>
    flags.json && !line.startsWith("{") ? log("INFO", line) : void process.stdout.write(`${line}\n`);
  const output = openOutput({
    // There is no run whose picture could be drawn.
    format: process.stdout.isTTY && (format ?? config.outputFormat) !== "json" ? "plain" : (format ?? "json"),
    level: flags.logLevel ?? told.logLevel ?? config.logLevel,
    quiet: flags.quiet,
    stream: process.stdout,
    env: process.env,
  });
  const log = (level: "DEBUG" | "INFO" | "WARNING" | "ERROR", message: string): void =>
    output.observer.onLog?.({ time: Date.now(), level, name, message, taskRunId: null });
  try {
    await startAgent({
      access,
      name,
      labels: flags.label ?? told.labels,
      env,
      sendLogs: flags.cloudLogs && config.sendLogs,
      command: [process.execPath, ...process.execArgv, process.argv[1] ?? "", "execute", "flow-run"],
      environment: process.env,
      show: flags.showFlowLogs ? show : () => undefined,
      longestPause: flags.pollInterval ?? null,
      maxPolls: flags.once ? 1 : (flags.maxPolls ?? null),
      maxRuns: flags.maxRuns ?? null,
      aliveFor: config.takeoverAfter,
      docker: flags.docker ? { network: flags.network ?? null, pull: flags.pull } : null,
      address: flags.agentAddress ?? told.address,
      signal,
      log,
    });
  } finally {
    await output.close(false);
  }
  return ExitCode.ok;
}

/** @throws FlowRunnerError `OPTION_INVALID` */
function variables(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        // What follows may be a password that was meant for a variable.
        throw new FlowRunnerError("OPTION_INVALID", { option: "--env", value: "***", allowed: "NAME=VALUE" });
      }
      return [name, value];
    }),
  );
}
