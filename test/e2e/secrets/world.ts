import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Api, type ApiOptions, startApi } from "../../../src/api/index.ts";
import { type Ended, flowRunner, main } from "../../cli/binary.ts";

export const apiKey = "key-of-the-api-0815-4711";

/** A machine for one test: an API with its data file, and folders for all that a runner can write. */
export class World {
  readonly folder: string;
  readonly api: Api;

  constructor(folder: string, api: Api) {
    this.folder = folder;
    this.api = api;
  }

  static async open(options: ApiOptions = {}): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "secrets-e2e-"));
    for (const name of ["home", "tmp", "secrets", "data", "work"]) await mkdir(join(folder, name));
    return new World(folder, await startApi({ data: join(folder, "data", "runs.db"), key: apiKey, ...options }));
  }

  path(...steps: readonly string[]): string {
    return join(this.folder, ...steps);
  }

  /** What an agent gives to a container. */
  get env(): NodeJS.ProcessEnv {
    return {
      HOME: this.path("home"),
      TMPDIR: this.path("tmp"),
      PREFECT__CLOUD__API: this.api.url,
      PREFECT__CLOUD__API_KEY: apiKey,
      PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
      FLOW_RUNNER__SECRET_FOLDER: this.path("secrets"),
    };
  }

  command(words: readonly string[], more: NodeJS.ProcessEnv = {}, input = ""): Promise<Ended> {
    return flowRunner(words, { env: { ...this.env, ...more }, input, cwd: this.path("work") });
  }

  async #told(words: readonly string[], more: NodeJS.ProcessEnv): Promise<string> {
    const { out, err, exitCode } = await this.command(words, more);
    if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${err}`);
    return out.trim();
  }

  async setSecret(name: string, value: string): Promise<void> {
    const { err, exitCode } = await this.command(["secrets", "set", name], {}, value);
    if (exitCode !== 0) throw new Error(err);
  }

  /** A secret as Docker and Kubernetes mount it. */
  async mountSecret(name: string, value: string): Promise<void> {
    await writeFile(this.path("secrets", name), `${value}\n`);
  }

  /** Saves a flow's source, registers the artifact and creates a run of it; resolves with the run's id. */
  async createRun(
    source: string,
    flow: string,
    words: readonly string[] = [],
    more: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const artifact = this.path("home", ".prefect", `${flow}.prefect`);
    await mkdir(this.path("home", ".prefect"), { recursive: true });
    await this.#told(["save", source, "--output", artifact], more);
    await this.#told(["register", artifact, "--flow", flow, "--project", "demo", "--create-project"], more);
    return this.#told(["create-run", flow, ...words], more);
  }

  /** Starts `execute` and tells what it and its hosts do. */
  execute(flowRunId: string, more: NodeJS.ProcessEnv = {}): Execution {
    return new Execution(
      {
        PATH: process.env.PATH,
        ...this.env,
        PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
        ...more,
      },
      this.path("work"),
    );
  }

  /** Asks the API as one of its users. */
  async ask<Answer>(query: string): Promise<Answer> {
    const response = await fetch(this.api.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data: Answer; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  async close(): Promise<void> {
    await this.api.close();
    await rm(this.folder, { recursive: true });
  }
}

/** One process that executes a flow run. */
export class Execution {
  readonly child;
  readonly ended: Promise<Ended>;
  /** What stood in the environments of its hosts while they ran, by process id. */
  readonly hosts = new Map<number, string>();
  readonly #watch = setInterval(() => void this.#look(), 20);

  constructor(env: NodeJS.ProcessEnv, cwd: string) {
    this.child = spawn(process.execPath, [main, "execute"], {
      ...{ env, cwd, stdio: ["ignore", "pipe", "pipe"] },
      // What does not end is ended, and what it has said is seen.
      ...{ timeout: 240_000, killSignal: "SIGKILL" },
    });
    const [out, err] = [text(this.child.stdout), text(this.child.stderr)];
    const exit = new Promise<number | null>((resolve) => this.child.on("close", resolve));
    this.ended = (async () => {
      const exitCode = await exit;
      clearInterval(this.#watch);
      return { out: await out, err: await err, exitCode };
    })();
  }

  async #look(): Promise<void> {
    const { pid } = this.child;
    const found = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    for (const host of found.split(" ").filter(Boolean).map(Number)) {
      const environment = await readFile(`/proc/${host}/environ`, "utf8").catch(() => "");
      if (environment !== "") this.hosts.set(host, environment);
    }
  }
}
