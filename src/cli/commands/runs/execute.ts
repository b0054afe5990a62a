import { parseRunnerEnvironment } from "../../../config/index.ts";
import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import type { SpawnedHost } from "../../../host/index.ts";
import type { ExecuteOutcome } from "../../../run/execute/execute.ts";
import { interruptedExitCode, interruptSignal } from "../../process/interrupt.ts";
import { openOutput } from "../../terminal/output/open-output.ts";

/**
 * `execute`: what an agent starts in a flow's container, from the environment alone. Exit code 0 says that the API holds
 * the run's final state, whatever that is, or that the run was handed back; a run that is Crashed or relinquished because
 * this process was told to stop has the signal's (143). Prefect 0.7 and 1.x: 0 also when the API was out of reach.
 */
export async function executeCommand(host?: SpawnedHost): Promise<number> {
  const config = parseRunnerEnvironment(process.env);
  const signal = interruptSignal(config.stopGrace);
  const output = openOutput({
    format: config.outputFormat,
    level: config.logLevel,
    quiet: false,
    stream: process.stdout,
    env: process.env,
  });
  let outcome: ExecuteOutcome | null = null;
  try {
    const { observer } = output;
    const { executeFlowRun } = await import("../../../run/execute/execute.ts");
    outcome = await executeFlowRun(config, { observer, signal, host, plan: (graph) => output.plan(graph) });
  } finally {
    await output.close(outcome !== null && outcome.conclusion !== "left");
  }
  const exitCode = concludeExecution(config.flowRunId, outcome);
  const isCrashed = signal.aborted && outcome.state.crashed === true;
  return isCrashed || outcome.conclusion === "relinquished" ? interruptedExitCode(signal) : exitCode;
}

/**
 * Says what the states alone do not tell.
 *
 * @throws FlowRunnerError `RUN_UNDELIVERED`
 */
export function concludeExecution(flowRunId: string, { state, conclusion, message, delivery }: ExecuteOutcome): number {
  const { states, logs, files } = delivery;
  if (conclusion === "undelivered" || states > 0) {
    throw new FlowRunnerError("RUN_UNDELIVERED", { flowRunId, states, files, reason: message });
  }
  if (logs > 0) {
    process.stderr.write(
      `flow-runner: ${logs} log lines could not be sent to the API; they are kept. Send them later: flow-runner deliver ${files.join(" ")}\n`,
    );
  }
  if (conclusion !== "finished" && message !== null) {
    process.stderr.write(`flow-runner: Flow run ${flowRunId} (${state.type}) was ${endings[conclusion]}: ${message}\n`);
  }
  return ExitCode.ok;
}

const endings = {
  handedBack: "handed back to the API",
  left: "left as it is",
  relinquished: "left as it is for the next process",
} as const;
