import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { FlowBase } from "../../flow/index.ts";
import type { Launched, Launcher } from "../../run/agent/launcher.ts";
import type { LaunchSettings } from "../../run/agent/local/launch-settings.ts";
import type { TestEnd } from "../reading/test-run.ts";

export interface ExecuteElsewhere {
  readonly as: "binary" | { readonly image: string };
  readonly runId: string;
  readonly flowId: string;
  readonly flow: FlowBase;
  /** Where the flow's artifact lies, or is to lie. */
  readonly artifact: string;
  readonly apiUrl: string;
  readonly apiKey: string | null;
  readonly tenantId: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborts when it is to be ended. */
  readonly signal: AbortSignal;
}

/** Has a run executed by the binary or by a container of an image, as an agent does, and waits for its end. */
export async function executeElsewhere(options: ExecuteElsewhere): Promise<TestEnd> {
  const { runId, flowId, flow, signal } = options;
  const launcher = await (options.as === "binary" ? ofBinary(options) : ofImage(options));
  const storage = options.as === "binary" ? { type: "Local" } : storageOf(options.as.image);
  const launched = await launcher.launch({
    id: runId,
    runConfig: null,
    flow: { id: flowId, name: flow.name, storage },
  });
  const { exitCode, signal: killedBy, output } = await endOf(launched, signal);
  return { kind: "process", exitCode, signal: killedBy, output };
}

const endOf = async (launched: Launched, signal: AbortSignal) => {
  if (signal.aborted) launched.kill();
  signal.addEventListener("abort", launched.kill);
  try {
    return await launched.ended;
  } finally {
    signal.removeEventListener("abort", launched.kill);
  }
};

const settingsOf = ({ apiUrl, apiKey, tenantId, env }: ExecuteElsewhere): LaunchSettings & { show(): void } => ({
  access: { apiUrl, apiKey, tenantId, dialect: "1.x" },
  labels: [],
  env,
  sendLogs: true,
  show: () => undefined,
});

async function ofBinary(options: ExecuteElsewhere): Promise<Launcher> {
  const { artifact, flow } = options;
  if ((await stat(artifact).catch(() => null)) === null) {
    const { saveFlow } = await import("../../run/save.ts");
    await mkdir(dirname(artifact), { recursive: true });
    await saveFlow(flow, artifact);
  }
  const { localProcesses } = await import("../../run/agent/local/local-processes.ts");
  const binary = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
  // A test runner's own flags (its loader, its watch mode) are not for the binary.
  const { NODE_OPTIONS: _flags, ...environment } = process.env;
  return localProcesses({ ...settingsOf(options), command: [process.execPath, binary, "execute"], environment });
}

async function ofImage(options: ExecuteElsewhere): Promise<Launcher> {
  const { dockerContainers } = await import("../../run/agent/docker/docker-containers.ts");
  // The API listens on this machine's own address, which is also the container's by its network.
  return dockerContainers({ ...settingsOf(options), environment: {}, network: "host", pull: false });
}

/** `localhost:5000/weather:2` is `localhost:5000/weather`, tagged `2`. */
function storageOf(image: string) {
  const [, name = image, tag = "latest"] = /^(.*?)(?::([^:/]+))?$/.exec(image) ?? [];
  return { type: "Docker", image_name: name, image_tag: tag };
}
