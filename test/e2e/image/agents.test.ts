import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../../../src/api/index.ts";
import { main } from "../../cli/binary.ts";
import { type Server, s3Keys, startS3 } from "../../results/servers.ts";
import { baseImage, describeWithDocker, docker } from "./engine.ts";
import { done, removeImage, seenFrom } from "./from-outside.ts";
import { ownNamespace } from "./registry.ts";

const root = join(import.meta.dirname, "../../..");
const example = join(root, "docker/example/src/weather.ts");

/** By its Python: the first line of `prefect` names the folder in which it was installed, which may have moved. */
const prefect = (version: string): { program: string; script: string } => {
  const folder = join(root, `.cache/prefect-${version}/bin`);
  return { program: join(folder, "python"), script: join(folder, "prefect") };
};

/** The agents that start containers, as each is started; each waits for runs until it is ended. */
const agents = {
  "Prefect 1.4.1": {
    ...prefect("1.4.1"),
    words: ["agent", "docker", "start", "--show-flow-logs"],
    env: { PREFECT__BACKEND: "server" },
  },
  "Prefect 0.7.0": {
    ...prefect("0.7.0"),
    words: ["agent", "start", "--token", "a-token"],
    env: { PREFECT__CLOUD__AGENT__AUTH_TOKEN: "a-token", LC_ALL: "C.UTF-8", LANG: "C.UTF-8" },
  },
  "flow-runner": {
    program: process.execPath,
    script: main,
    words: ["agent", "--docker", "--show-flow-logs", "--format", "json"],
    env: {},
  },
} as const;
type AgentName = keyof typeof agents;

interface ToldRun {
  readonly state: string;
  readonly message: string | null;
  readonly log: string;
}

describeWithDocker("the example project in an image, started by an agent", () => {
  let folder: string;
  let api: Api;
  let s3: Server;
  const registry = ownNamespace();
  let image: string;
  /** An address of this machine's as containers have to say it. */
  let outside: (url: string) => string;
  const started: ChildProcess[] = [];

  const command = (words: readonly string[], input = ""): Promise<string> =>
    done(words, { HOME: folder, PREFECT__CLOUD__API: outside(api.url) }, input);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-agents-"));
    outside = await seenFrom("bridge");
    [api, s3] = await Promise.all([startApi({ host: "0.0.0.0", key: null }), startS3("0.0.0.0")]);
    const base = await baseImage();
    await command(["secrets", "set", "AWS_CREDENTIALS"], JSON.stringify(s3Keys));
    const settings = [`FLOW_RUNNER__RESULT_HANDLER=s3://results`, `AWS_ENDPOINT_URL_S3=${outside(s3.url)}`];
    const words = [
      ...["deploy", example, "--project", "demo", "--create-project", "--registry", registry, "--tag", "judged"],
      ...["--base", base, "--local-image", "--dependency", "vega-datasets"],
      ...settings.flatMap((each) => ["--env", each]),
    ];
    await command(words);
    image = `${registry}/weather:judged`;
  }, 420_000);

  afterAll(async () => {
    for (const agent of started) agent.kill("SIGKILL");
    await removeImage(image);
    await Promise.all([api?.close(), s3?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function told(flowRunId: string): Promise<ToldRun> {
    const query = `query($id: uuid!) { flow_run_by_pk(id: $id) { state state_message logs(order_by: {timestamp: asc}) { message } } }`;
    const answer = await fetch(api.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables: { id: flowRunId } }),
    });
    const { data } = (await answer.json()) as {
      data: { flow_run_by_pk: { state: string; state_message: string | null; logs: { message: string }[] } };
    };
    const { state, state_message: message, logs } = data.flow_run_by_pk;
    return { state, message, log: logs.map((line) => line.message).join("\n") };
  }

  /** Starts an agent; what it says is there for the failure's message. */
  function startAgent(name: AgentName): { said(): string; hasEnded(): boolean } {
    const { program, script, words, env } = agents[name];
    const api_ = outside(api.url);
    const child = spawn(program, [script, ...words], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        PREFECT__CLOUD__API: api_,
        PREFECT__CLOUD__GRAPHQL: name === "Prefect 0.7.0" ? `${api_}/graphql/alpha` : api_,
        PREFECT__SERVER__ENDPOINT: api_,
        PREFECT__LOGGING__LEVEL: "DEBUG",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    let ended = false;
    child.on("error", (error) => {
      said += String(error);
      ended = true;
    });
    child.on("exit", () => (ended = true));
    return { said: () => said, hasEnded: () => ended };
  }

  /** What the containers of the image have said: an agent of 0.7 leaves them, one of 1.x removes them. */
  async function containerLog(): Promise<string> {
    const ids = (await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`)).out
      .split("\n")
      .filter(Boolean);
    const logs = await Promise.all(ids.map((id) => docker("logs", id)));
    return logs
      .map(({ out, err }) => `${out}\n${err}`)
      .join("\n")
      .slice(-8_000);
  }

  test("leaves no copy of the image behind that an agent could start without pulling it", async () => {
    expect((await docker("image", "inspect", image)).exitCode).not.toBe(0);
  });

  test.each(Object.keys(agents) as AgentName[])("%s: the run ends Success, its results in S3", async (name) => {
    const { program } = agents[name];
    if (!existsSync(program) && process.env.CI !== "true") return console.warn(`skipped: ${program} is not there`);
    await docker("rmi", "--force", image);
    const before = await readdir(join(s3.folder, "objects/results"), { recursive: true });
    const flowRunId = await command(["create-run", "weather", "--project", "demo"]);
    const agent = startAgent(name);
    let run = await told(flowRunId);
    for (
      const deadline = Date.now() + 200_000;
      Date.now() < deadline && !agent.hasEnded() && !/Success|Failed|Cancelled/.test(run.state);
    ) {
      await pause(500);
      run = await told(flowRunId);
    }
    started.pop()?.kill("SIGKILL");
    const evidence = run.state === "Success" ? "" : await containerLog();
    expect(
      run.state,
      `${run.message}\n${run.log}\n--- the agent:\n${agent.said()}\n--- the container:\n${evidence}`,
    ).toBe("Success");
    expect(run.log).toContain("The report is at");
    expect((await docker("image", "inspect", image)).exitCode).toBe(0);
    const after = await readdir(join(s3.folder, "objects/results"), { recursive: true });
    expect(after.length).toBeGreaterThan(before.length + 100);
  });
});
