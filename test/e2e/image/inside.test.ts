import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../../../src/api/index.ts";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { baseImage, describeWithDocker, docker, dockerDone, type Ran } from "./engine.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", `${name}.ts`);

interface ToldRun {
  readonly state: string;
  readonly state_message: string | null;
  readonly logs: readonly { readonly message: string }[];
  readonly task_runs: readonly { readonly state: string; readonly state_message: string | null }[];
}

describeWithDocker("inside an image of flows", () => {
  const name = `inside-${randomUUID().slice(0, 8)}`;
  const image = `${name}:judged`;
  let folder: string;
  let api: Api;

  /** The API as a container on a network sees it: the engine gives itself the network's first address. */
  async function apiOn(network: string): Promise<string> {
    const subnet = await dockerDone("network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Subnet}}");
    return api.url.replace(/\/\/[^:/]+/, `//${subnet.replace(/\.\d+\/\d+$/, ".1")}`);
  }

  async function command(...words: readonly string[]): Promise<string> {
    const { out, err, exitCode } = await flowRunner(words, { env: { HOME: folder, PREFECT__CLOUD__API: api.url } });
    if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${err}`);
    return out.trim();
  }

  async function graphql<Data>(query: string, variables: object): Promise<Data> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(api.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    return ((await answer.json()) as { data: Data }).data;
  }

  async function told(id: string): Promise<ToldRun> {
    const query = `query($id: uuid!) { flow_run_by_pk(id: $id) {
      state state_message logs { message } task_runs { state state_message } } }`;
    return (await graphql<{ flow_run_by_pk: ToldRun }>(query, { id })).flow_run_by_pk;
  }

  /** What an agent starts a container with, and nothing else. */
  async function words(flowRunId: string, options: readonly string[], network = "bridge"): Promise<string[]> {
    const env = [`PREFECT__CLOUD__API=${await apiOn(network)}`, `PREFECT__CONTEXT__FLOW_RUN_ID=${flowRunId}`];
    return [...options, "--network", network, ...env.flatMap((each) => ["--env", each]), image];
  }

  const createRun = (flow: string): Promise<string> => command("create-run", flow, "--project", "inside");

  /** Creates a run of a flow and starts it as an agent does, until it is over. */
  async function runInside(flow: string, options: readonly string[] = [], network?: string): Promise<ToldRun & Ran> {
    const id = await createRun(flow);
    const ran = await docker("run", "--rm", ...(await words(id, options, network)));
    return { ...ran, ...(await told(id)) };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-inside-"));
    api = await startApi({ host: "0.0.0.0" });
    const made = ["--base", await baseImage(), "--local-image", "--image", name, "--tag", "judged", "--no-push"];
    await command("deploy", fixture("several"), fixture("other"), ...made, "--project", "inside", "--create-project");
    await command("register", fixture("absent"), "--image", image, "--project", "inside");
  }, 600_000);

  afterAll(async () => {
    const containers = await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`);
    for (const id of containers.out.split("\n").filter(Boolean)) await docker("rm", "--force", id);
    await docker("rmi", "--force", image);
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  test.each([
    ["with nothing but an agent's environment", [], 0],
    ["as any user of group 0, as on OpenShift", ["--user", "12345:0"], 12345],
    ["as any user of any group", ["--user", "12345:12345"], 12345],
    ["on a read-only file system", ["--read-only"], 0],
    ["on a read-only file system with a /tmp", ["--read-only", "--tmpfs", "/tmp"], 0],
    ["as any user on a read-only file system", ["--read-only", "--user", "12345:0"], 12345],
  ] as const)("a run succeeds %s", { timeout: 120_000 }, async (_, options, user) => {
    const { state, logs, exitCode, err, out } = await runInside("quick", options);
    expect([state, exitCode], `${out}\n${err}`).toEqual(["Success", 0]);
    expect(logs.map(({ message }) => message)).toContain(`I am ${user}`);
  });

  test("a run succeeds with no network but the API's", { timeout: 120_000 }, async () => {
    await dockerDone("network", "create", "--internal", name);
    try {
      const { state, out, err } = await runInside("quick", [], name);
      expect(state, `${out}\n${err}`).toBe("Success");
    } finally {
      await docker("network", "rm", name);
    }
  });

  test("of several flows in the image the run's own is started", { timeout: 120_000 }, async () => {
    const { state, out } = await runInside("other");
    expect(state, out).toBe("Success");
  });

  test("a flow that is not in the image is said by name, with those that are", { timeout: 120_000 }, async () => {
    const { state, state_message: message, exitCode } = await runInside("absent");
    expect(state).toBe("Failed");
    expect(message).toMatch(/Flow "absent" is not here: .*here are: "hoarding", "hungry", "other", "patient", "quick"/);
    expect(exitCode).toBe(3);
  });

  test("a task that needs more memory than there is fails with the reason, and the container ends", {
    timeout: 120_000,
  }, async () => {
    const { state, task_runs, exitCode } = await runInside("hungry", ["--memory", "256m", "--memory-swap", "256m"]);
    expect([state, exitCode]).toEqual(["Failed", 0]);
    expect(task_runs[0]?.state_message).toMatch(
      /^The task's host ended: out of memory: the container's limit of 256 MiB, peak 25\d MiB \(killed by SIGKILL, which the kernel sent for memory\)\. No other task ran in that host\./,
    );
  });

  test("V8's heap has its limit from the container's, and says so", { timeout: 120_000 }, async () => {
    const limits = ["--memory", "256m", "--memory-swap", "256m"];
    const { state, task_runs, logs, exitCode } = await runInside("hoarding", limits);
    expect([state, exitCode]).toEqual(["Failed", 0]);
    expect(task_runs[0]?.state_message).toMatch(
      /^The task's host ended: out of memory: V8's heap limit of 128 MiB in the container's 256 MiB, which FLOW_RUNNER__HOST_HEAP changes/,
    );
    expect(logs.map(({ message }) => message).join("\n")).toMatch(
      /^runner: \S*node .*--max-old-space-size-percentage=75 /m,
    );
  });

  test("a container that is stopped ends by itself, with the state told", {
    timeout: 120_000,
  }, async () => {
    const id = await createRun("patient");
    const container = await dockerDone("run", "--detach", ...(await words(id, [])));
    const waits = async () => (await docker("logs", container)).out.includes('"msg":"waiting"');
    await eventually(async () => expect(await waits()).toBe(true));
    await dockerDone("stop", container);
    const exitCode = Number(await dockerDone("inspect", "--format", "{{.State.ExitCode}}", container));
    const { state, task_runs } = await told(id);
    // 137: it did not end within the ten seconds.
    expect(exitCode).toBe(0);
    expect([state, task_runs[0]?.state]).toEqual(["Failed", "Failed"]);
    expect(task_runs[0]?.state_message).toMatch(/the container was told to stop \(SIGTERM\)/);
  });

  test.each([
    ["check", ["check", "other"], /load: Loaded "other"; everything they import is there/],
    ["inspect", ["inspect", "other", "--json"], /"only-1"/],
    ["run", ["run", "other", "--format", "plain"], /Success/],
  ])("flow-runner %s works by hand", { timeout: 120_000 }, async (_, args, said) => {
    const { exitCode, out, err } = await docker("run", "--rm", image, "flow-runner", ...args);
    expect(`${out}\n${err}`).toMatch(said);
    expect(exitCode).toBe(0);
  });
});
