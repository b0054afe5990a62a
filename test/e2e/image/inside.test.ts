import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../../../src/api/index.ts";
import { loadSource } from "../../../src/artifact/load-source.ts";
import { faults, openTestkit } from "../../../src/testing/index.ts";
import { eventually } from "../../eventually.ts";
import { baseImage, describeWithDocker, docker, dockerDone, type Ran } from "./engine.ts";
import { done, removeImage, seenFrom } from "./from-outside.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", `${name}.ts`);

interface ToldRun {
  readonly state: string;
  readonly state_message: string | null;
  readonly logs: readonly { readonly message: string }[];
  readonly task_runs: readonly {
    readonly state: string;
    readonly state_message: string | null;
    readonly states: readonly { readonly state: string }[];
  }[];
}

describeWithDocker("inside an image of flows", () => {
  const name = `inside-${randomUUID().slice(0, 8)}`;
  const image = `${name}:judged`;
  let folder: string;
  let api: Api;

  const command = (...words: readonly string[]): Promise<string> =>
    done(words, { HOME: folder, PREFECT__CLOUD__API: api.url });

  async function graphql<Data>(query: string, variables: object): Promise<Data> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(api.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    return ((await answer.json()) as { data: Data }).data;
  }

  async function told(id: string): Promise<ToldRun> {
    const query = `query($id: uuid!) { flow_run_by_pk(id: $id) {
      state state_message logs { message } task_runs { state state_message states(order_by: {timestamp: asc}) { state } } } }`;
    return (await graphql<{ flow_run_by_pk: ToldRun }>(query, { id })).flow_run_by_pk;
  }

  /** What an agent starts a container with, and nothing else. */
  async function words(flowRunId: string, options: readonly string[], network = "bridge"): Promise<string[]> {
    const seen = await seenFrom(network);
    const env = [`PREFECT__CLOUD__API=${seen(api.url)}`, `PREFECT__CONTEXT__FLOW_RUN_ID=${flowRunId}`];
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
    api = await startApi({ host: "0.0.0.0", key: null });
    const made = ["--base", await baseImage(), "--local-image", "--image", name, "--tag", "judged", "--no-push"];
    await command("deploy", fixture("several"), fixture("other"), ...made, "--project", "inside", "--create-project");
    await command("register", fixture("absent"), "--image", image, "--project", "inside");
  }, 600_000);

  afterAll(async () => {
    await removeImage(image);
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ["with nothing but an agent's environment, as a user of the flow's own", [], 10_001],
    ["as root, where that is wanted", ["--env", "FLOW_RUNNER__HOST_USER=root"], 0],
    ["as root, where root may not change its user", ["--cap-drop", "ALL"], 0],
    ["as any user of group 0, as on OpenShift", ["--user", "12345:0"], 12345],
    ["as any user of any group", ["--user", "12345:12345"], 12345],
    ["on a read-only file system", ["--read-only"], 10_001],
    ["on a read-only file system with a /tmp", ["--read-only", "--tmpfs", "/tmp"], 10_001],
    ["as any user on a read-only file system", ["--read-only", "--user", "12345:0"], 12345],
  ] as const)("a run succeeds %s", async (_, options, user) => {
    const { state, logs, exitCode, err, out } = await runInside("quick", options);
    expect([state, exitCode], `${out}\n${err}`).toEqual(["Success", 0]);
    expect(logs.map(({ message }) => message)).toContain(`I am ${user}`);
  });

  test("a flow with a user of its own may write where flows do, and sees nothing of the runner's", async () => {
    const { logs, state } = await runInside("curious");
    expect(state).toBe("Success");
    const said = logs.map(({ message }) => message);
    expect(said).toContain("writes: /app, /root/.prefect, /home/flow-code, /tmp");
    expect(said).toContain("the runner's environment: EACCES, memory: EACCES");
  });

  test("a task that is refused what only root may is told why", async () => {
    const { task_runs } = await runInside("refused");
    expect(task_runs[0]?.state_message).toMatch(/EACCES.*runs as flow-code here; FLOW_RUNNER__HOST_USER=root/);
  });

  test("a run succeeds with no network but the API's", async () => {
    await dockerDone("network", "create", "--internal", name);
    try {
      const { state, out, err } = await runInside("quick", [], name);
      expect(state, `${out}\n${err}`).toBe("Success");
    } finally {
      await docker("network", "rm", name);
    }
  });

  test("of several flows in the image the run's own is started", async () => {
    const { state, out } = await runInside("other");
    expect(state, out).toBe("Success");
  });

  test("a test of flows may have a run executed by the image", async () => {
    const { flows } = await loadSource(fixture("several"));
    const quick = flows.find((flow) => flow.name === "quick");
    if (quick === undefined) throw new Error("the fixture has no such flow");
    await using kit = await openTestkit({ key: "a-key-of-the-api" });
    const run = await kit.run(quick, { as: { image }, faults: [faults.fail("states", { times: 2 })] });
    expect(run.end, run.story().join("\n")).toMatchObject({ kind: "process", exitCode: 0 });
    expect(run.state.type).toBe("Success");
    expect(run.requests.filter(({ fault }) => fault !== null)).toHaveLength(2);
    expect(run.logs.map(({ message }) => message)).toContain("I am 10001");
  });

  test("a flow that is not in the image is said by name, with those that are", async () => {
    const { state, state_message: message, exitCode } = await runInside("absent");
    expect(state).toBe("Failed");
    expect(message).toMatch(
      /Flow "absent" is not here: .*here are: "curious", "hoarding", "hungry", "other", "patient", "quick", "refused"/,
    );
    expect(exitCode).toBe(3);
  });

  test("a task that needs more memory than there is fails with the reason, and the container ends", async () => {
    const { state, task_runs, exitCode } = await runInside("hungry", ["--memory", "256m", "--memory-swap", "256m"]);
    expect([state, exitCode]).toEqual(["Failed", 0]);
    expect(task_runs[0]?.state_message).toMatch(
      /^The task's host ended: out of memory: the container's limit of 256 MiB, peak 25\d MiB \(killed by SIGKILL, which the kernel sent for memory\)\. No other task ran in that host\./,
    );
  });

  test("V8's heap has its limit from the container's, and says so", async () => {
    // Room beside the heap: at its limit a container reads Node's own pages again and again, for a minute.
    const limits = ["--memory", "512m", "--memory-swap", "512m"];
    const { state, task_runs, logs, exitCode } = await runInside("hoarding", limits);
    expect([state, exitCode]).toEqual(["Failed", 0]);
    expect(task_runs[0]?.state_message).toMatch(
      /^The task's host ended: out of memory: V8's heap limit of 332 MiB in the container's 512 MiB, which FLOW_RUNNER__HOST_HEAP changes/,
    );
    expect(logs.map(({ message }) => message).join("\n")).toMatch(
      /^runner: \S*node .*--max-old-space-size-percentage=75 /m,
    );
  });

  /** Starts a container on a run of a flow that waits, and resolves once it does. */
  async function waiting(id: string, options: readonly string[] = []): Promise<string> {
    const container = await dockerDone("run", "--detach", ...(await words(id, options)));
    await eventually(async () => expect((await docker("logs", container)).out).toContain('"msg":"waiting"'));
    return container;
  }

  const exitCodeOf = async (container: string): Promise<number> => Number(await dockerDone("wait", container));
  const story = ({ task_runs }: ToldRun): string[] => task_runs[0]?.states.map(({ state }) => state) ?? [];

  test("a container that is stopped ends by itself, with the state told", async () => {
    const id = await createRun("patient");
    const container = await waiting(id);
    await dockerDone("stop", container);
    const { state, task_runs } = await told(id);
    // 137: it did not end within the ten seconds.
    const { out, err } = await docker("logs", "--timestamps", container);
    expect([await exitCodeOf(container), state, task_runs[0]?.state], `${out}\n${err}`).toEqual([
      0,
      "Failed",
      "Failed",
    ]);
    expect(task_runs[0]?.state_message).toMatch(/the container was told to stop \(SIGTERM\)/);
  });

  test("a container that is stopped and started goes on, where its run is to be scheduled again", async () => {
    const id = await createRun("patient");
    const container = await waiting(id, ["--env", "FLOW_RUNNER__ON_STOP=reschedule"]);
    await dockerDone("stop", container);
    expect([await exitCodeOf(container), (await told(id)).state]).toEqual([0, "Scheduled"]);
    await dockerDone("start", container);
    expect(await exitCodeOf(container)).toBe(0);
    const after = await told(id);
    expect(after.state).toBe("Success");
    expect(story(after)).toEqual(["Pending", "Running", "Pending", "Running", "Success"]);
  });

  /** A container counts as gone after two seconds. */
  const soon = [
    ...["--env", "PREFECT__CLOUD__HEARTBEAT_INTERVAL=0.5", "--env", "FLOW_RUNNER__TAKEOVER_AFTER=2s"],
    ...["--env", "PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL=1"],
  ];

  test("a container that is killed and started again takes its own run over, and ends it", async () => {
    const id = await createRun("patient");
    const container = await waiting(id, soon);
    await dockerDone("kill", container);
    expect((await told(id)).state).toBe("Running");
    await dockerDone("start", container);
    expect(await exitCodeOf(container)).toBe(0);
    const after = await told(id);
    expect(after.state).toBe("Success");
    expect(story(after)).toEqual(["Pending", "Running", "Running", "Success"]);
  });

  test("a container that is paused while another one ends its run leaves that end alone, and ends too", async () => {
    const id = await createRun("patient");
    const paused = await waiting(id, soon);
    await dockerDone("pause", paused);
    const other = await docker("run", "--rm", ...(await words(id, [...soon, "--env", "RELEASED=1"])));
    expect([other.exitCode, (await told(id)).state], other.err).toEqual([0, "Success"]);
    await dockerDone("unpause", paused);
    expect(await exitCodeOf(paused)).toBe(0);
    const after = await told(id);
    expect([after.state, story(after)]).toEqual(["Success", ["Pending", "Running", "Running", "Success"]]);
  });

  test.each([
    ["check", ["check", "other"], /load: Loaded "other"; everything they import is there/],
    ["inspect", ["inspect", "other", "--json"], /"only-1"/],
    ["run", ["run", "other", "--format", "plain"], /Success/],
  ])("flow-runner %s works by hand", async (_, args, said) => {
    const { exitCode, out, err } = await docker("run", "--rm", image, "flow-runner", ...args);
    expect(`${out}\n${err}`).toMatch(said);
    expect(exitCode).toBe(0);
  });
});
