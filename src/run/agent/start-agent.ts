import { connectAgent } from "../../cloud/index.ts";
import { type LogLevel, systemClock } from "../../engine/index.ts";
import { listenAt } from "./address.ts";
import { Agent } from "./agent.ts";
import type { Launcher } from "./launcher.ts";
import { type LocalProcessOptions, localProcesses } from "./local/local-processes.ts";
import { longestInterval, PollPace } from "./poll-pace.ts";

export interface StartAgentOptions extends LocalProcessOptions {
  readonly name: string;
  /** Longest wait between two polls, milliseconds; null: Prefect's 10 seconds. */
  readonly longestPause: number | null;
  /** As for `Agent`. */
  readonly maxPolls: number | null;
  readonly maxRuns: number | null;
  readonly aliveFor: number;
  /** Flow runs are containers of their images; null: they are processes on this machine. */
  readonly docker: { readonly network: string | null; readonly pull: boolean } | null;
  /** Where it answers health checks; null: nowhere. */
  readonly address: string | null;
  readonly signal: AbortSignal;
  log(level: LogLevel, message: string): void;
}

/** Milliseconds: a run must not be given up because the API was away for a night. */
const outageBudget = 24 * 3_600_000;

/**
 * Registers an agent with an API and polls until it is stopped; flow runs are processes on this machine, or containers.
 *
 * @throws FlowRunnerError those of the API when it cannot be registered, `AGENT_ADDRESS_INVALID`
 */
export async function startAgent(options: StartAgentOptions): Promise<void> {
  const { access, name, labels, log, signal } = options;
  const launcher = await launcherOf(options);
  const api = await connectAgent(
    {
      url: access.apiUrl,
      key: access.apiKey,
      tenantId: access.tenantId,
      dialect: access.dialect,
      outageBudget,
      warn: (message) => log("WARNING", message),
    },
    { type: launcher.agentType, name, labels },
  );
  const pace = new PollPace(options.longestPause ?? longestInterval);
  const { maxPolls, maxRuns, aliveFor } = options;
  const agent = new Agent({ api, launcher, name, clock: systemClock, pace, maxPolls, maxRuns, aliveFor, signal, log });
  const address = options.address === null ? null : await listenAt(options.address, () => agent.poke());
  try {
    const forWhich = labels.length === 0 ? "without labels" : `with labels ${labels.join(", ")}`;
    log("INFO", `Waiting for flow runs ${forWhich} at ${api.address}.`);
    if (address !== null) log("INFO", `Answering health checks at ${address.url}/api/health.`);
    await agent.run();
    log("INFO", "The agent has ended.");
  } finally {
    address?.close();
    api.close();
  }
}

async function launcherOf({ docker, ...options }: StartAgentOptions): Promise<Launcher> {
  if (docker === null) return localProcesses(options);
  const { dockerContainers } = await import("./docker/docker-containers.ts");
  return dockerContainers({ ...options, ...docker });
}
