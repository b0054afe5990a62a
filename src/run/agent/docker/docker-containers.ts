import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { connectEngine, type Engine, engineError } from "../../../storage/engine/connect.ts";
import { pullImage } from "../../../storage/engine/transfer.ts";
import type { LaunchEnd, Launched, LaunchedRun, Launcher } from "../launcher.ts";
import type { LaunchSettings } from "../local/launch-settings.ts";
import { containerEnvironment } from "./container-environment.ts";
import { imageOf } from "./image-of.ts";

export interface DockerContainerOptions extends LaunchSettings {
  /** The agent's own environment: only what says how to talk to the API is passed on. */
  readonly environment: NodeJS.ProcessEnv;
  /** The network that containers join; null: the engine's default. */
  readonly network: string | null;
  /** Pull an image that has a registry before it is started. */
  readonly pull: boolean;
  /** Is given every line that a run prints. */
  readonly show: (line: string) => void;
}

/** Lines of a container that are kept, and how much of each: they go into the log of a run that has died. */
const kept = { lines: 20, characters: 1_000 };

/** Starts flow runs as containers of their images, as Prefect's Docker agent does. */
export function dockerContainers(options: DockerContainerOptions): Launcher {
  return { agentType: "DockerAgent", launch: (run) => launch(run, options) };
}

async function launch(run: LaunchedRun, options: DockerContainerOptions): Promise<Launched> {
  const { image, registry, env: asked } = imageOf(run);
  const engine = await connectEngine();
  if (options.pull && registry !== null) await pullImage(engine, image, null, () => {});
  const env = containerEnvironment(run, image, options, asked);
  const dialect = options.access.dialect;
  try {
    const container = await engine.createContainer({
      Image: image,
      Cmd: ["prefect", "execute", dialect === "0.7" ? "cloud-flow" : "flow-run"],
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Labels: {
        "io.prefect.flow-run-id": run.id,
        "io.prefect.flow-id": run.flow.id,
        "io.prefect.flow-name": run.flow.name,
      },
      HostConfig: {
        // The engine takes it away also when the agent is gone by then.
        AutoRemove: true,
        ExtraHosts: ["host.docker.internal:host-gateway"],
        ...(options.network === null ? {} : { NetworkMode: options.network }),
      },
    });
    const ended = endOf(engine, container.id, options.show);
    ended.catch(() => {
      // Whoever waits for the end is told; until then it is nobody's.
    });
    await container.start();
    const kill = (): void => void container.kill().catch(() => undefined);
    return { description: `Container ID: ${container.id.slice(0, 12)}`, ended, kill };
  } catch (error) {
    throw engineError(`start a container of ${image}`, error);
  }
}

/** Listens before the container starts: one that ends at once is gone with all that it has said. */
async function endOf(engine: Engine, id: string, show: (line: string) => void): Promise<LaunchEnd> {
  const container = engine.getContainer(id);
  const output: string[] = [];
  const told = new PassThrough();
  const lines = createInterface({ input: told }).on("line", (line) => {
    show(line);
    output.push(line.slice(0, kept.characters));
    if (output.length > kept.lines) output.shift();
  });
  const exit = container.wait({ condition: "next-exit" }) as Promise<{ StatusCode: number }>;
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  engine.modem.demuxStream(stream, told, told);
  stream.once("end", () => told.end()).once("error", () => told.end());
  const [{ StatusCode: exitCode }] = await Promise.all([exit, new Promise((resolve) => lines.once("close", resolve))]);
  return { exitCode, signal: null, output };
}
