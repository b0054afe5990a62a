import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Api, startApi } from "../api/index.ts";
import { type Api as Client, openApi } from "../cloud/index.ts";
import { parseAuthorEnvironment } from "../config/index.ts";
import { FlowRunnerError } from "../errors/index.ts";
import type { Duration, FlowBase } from "../flow/index.ts";
import { registrationForm } from "../graph/index.ts";
import { answerQuestions } from "../run/questions/answer-questions.ts";
import { openRunSecrets } from "../run/secrets/run-secrets.ts";
import { fromWireTime, isFinished } from "../state/index.ts";
import type { ExecuteOptions } from "./execution/execute-options.ts";
import { KeptValues } from "./execution/kept-values.ts";
import { readResults } from "./reading/read-results.ts";
import { readRun } from "./reading/read-run.ts";
import { SeenRequests } from "./reading/requests.ts";
import { type TestEnd, TestRun } from "./reading/test-run.ts";
import { takeOverFetch } from "./take-over-fetch.ts";
import type { PlannedRun, Testkit, TestkitOptions, TestRunOptions } from "./testkit.ts";
import { lengthOf } from "./time/length-of.ts";
import { TestClock } from "./time/test-clock.ts";
import { timeOf } from "./time/time-of.ts";

const project = "test";

interface Opened {
  readonly api: Api;
  readonly client: Client;
  readonly clock: TestClock;
  readonly seen: SeenRequests;
  readonly key: string | null;
  /** The Prefect folder of the runs. */
  readonly folder: string;
  readonly closing: (() => unknown)[];
}

/** See `openTestkit`. */
export class OpenedTestkit implements Testkit {
  readonly api: Api;
  readonly #opened: Opened;
  readonly #closed = new AbortController();
  /** What is executed now. */
  readonly #executing = new Set<Promise<unknown>>();
  readonly #registered = new Map<FlowBase, Promise<{ readonly flowId: string }>>();
  readonly #values = new Map<string, KeptValues>();

  private constructor(opened: Opened) {
    this.#opened = opened;
    this.api = opened.api;
  }

  static async open({ time, secrets = {}, faults = [], key = null }: TestkitOptions): Promise<OpenedTestkit> {
    const seen = new SeenRequests();
    let api: Api | null = null;
    const clock = new TestClock(time === undefined ? null : timeOf(time), () => api?.lookNow());
    api = await startApi({ port: null, key, now: () => clock.now(), seen: (operation) => seen.add(operation) });
    const folder = await mkdtemp(join(tmpdir(), "flow-runner-test-"));
    // Before a client of the API begins to load its own part of undici: jest cannot load two things at a time that share one.
    const giveBack = await takeOverFetch(api);
    const { url, connect, tenantId } = api;
    const client = await openApi({
      ...{ url, key, tenantId, clock, connect },
      calling: (sending) => void clock.during(sending).catch(() => undefined),
    });
    for (const [name, value] of Object.entries(secrets)) await client.setSecret(name, value);
    for (const rule of faults) api.addFault(rule);
    const closing = [
      () => client.close(),
      giveBack,
      () => api.close(),
      () => rm(folder, { recursive: true, force: true }),
    ];
    return new OpenedTestkit({ api, client, clock, seen, key, folder, closing });
  }

  register(flow: FlowBase): Promise<{ readonly flowId: string }> {
    const registering = this.#register(flow);
    this.#registered.set(flow, registering);
    return registering;
  }

  async createRun(flow: FlowBase, options: TestRunOptions = {}): Promise<PlannedRun> {
    const { flowId } = await (this.#registered.get(flow) ?? this.register(flow));
    const { parameters, context, name, scheduledStartTime } = options;
    const due = scheduledStartTime === undefined ? this.#opened.clock.now() : timeOf(scheduledStartTime);
    const id = await this.#opened.client.createFlowRun({
      flow: { id: flowId },
      scheduledStartTime: due,
      ...(parameters === undefined ? {} : { parameters }),
      ...(context === undefined ? {} : { context }),
      ...(name === undefined ? {} : { name }),
    });
    return this.#planned(flow, flowId, id, due);
  }

  async run(flow: FlowBase, options: TestRunOptions & ExecuteOptions = {}): Promise<TestRun> {
    const run = await this.createRun(flow, options);
    return run.execute(options);
  }

  async scheduledRuns(flow: FlowBase): Promise<readonly PlannedRun[]> {
    const { flowId } = await (this.#registered.get(flow) ?? this.register(flow));
    this.api.lookNow();
    const answer = this.api.query(
      `query($id: uuid!) { flow_run(where: { flow_id: { _eq: $id }, state: { _eq: "Scheduled" } }, order_by: { scheduled_start_time: asc }) { id scheduled_start_time } }`,
      { id: flowId },
    );
    const rows = z.object({ flow_run: z.array(z.object({ id: z.string(), scheduled_start_time: z.string() })) });
    return rows
      .parse(answer)
      .flow_run.map(({ id, scheduled_start_time: due }) => this.#planned(flow, flowId, id, fromWireTime(due) ?? 0));
  }

  readonly time = {
    now: (): Date => new Date(this.#opened.clock.now()),
    advance: (duration: Duration): void => this.#opened.clock.advance(lengthOf(duration)),
  };

  readonly faults: Testkit["faults"] = {
    add: (...rules) => {
      for (const rule of rules) this.api.addFault(rule);
    },
    clear: () => this.api.setFaults(null),
    met: () => this.api.metFaults(),
  };

  requests = () => this.#opened.seen.since(0);

  async close(): Promise<void> {
    this.#closed.abort("SIGKILL");
    await Promise.allSettled(this.#executing);
    for (const close of this.#opened.closing.splice(0)) await close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #register(flow: FlowBase): Promise<{ readonly flowId: string }> {
    const { client } = this.#opened;
    const { id: projectId } = await client.createProject(project);
    const serializedFlow = registrationForm(flow.graph, {
      storage: { type: "Local", flows: { [flow.name]: this.#artifactOf(flow) } },
    });
    const { id } = await client.registerFlow({
      projectId,
      serializedFlow,
      setScheduleActive: flow.graph.schedule !== null,
    });
    return { flowId: id };
  }

  /** Where it lies, once something else than this process needs it. */
  #artifactOf(flow: FlowBase): string {
    return join(this.#opened.folder, `${flow.graph.slug}.prefect`);
  }

  #planned(flow: FlowBase, flowId: string, id: string, due: number): PlannedRun {
    return {
      ...{ id, flow: flow.name, scheduledStartTime: new Date(due) },
      execute: (options = {}) => {
        const executing = this.#execute(flow, flowId, id, due, options);
        this.#executing.add(executing);
        const done = (): unknown => this.#executing.delete(executing);
        executing.then(done, done);
        return executing;
      },
      read: () => this.#read(flow, id, null, 0),
    };
  }

  async #execute(flow: FlowBase, flowId: string, id: string, due: number, options: ExecuteOptions): Promise<TestRun> {
    const { api, clock, key, folder, seen } = this.#opened;
    const { as = "process", mocks = {}, env: given = {}, faults = [] } = options;
    const { signal } = this.#closed;
    if (as !== "process" && Object.keys(mocks).length > 0)
      throw new FlowRunnerError("TEST_MOCKS_IN_PROCESS", { as: as === "binary" ? "by the binary" : "as an image" });
    if (due > clock.now()) clock.advance(due - clock.now());
    for (const rule of faults) api.addFault(rule);
    const from = seen.count;
    // An image has a Prefect folder of its own, with the flow in it.
    const env = typeof as === "object" ? given : { HOME: folder, PREFECT__HOME_DIR: folder, ...given };
    let end: TestEnd;
    if (as === "process") {
      const { executeHere } = await import("./execution/execute-here.ts");
      const values = this.#values.get(id) ?? new KeptValues();
      this.#values.set(id, values);
      const contract = {
        PREFECT__CLOUD__API: api.url,
        ...(key === null ? {} : { PREFECT__CLOUD__API_KEY: key }),
        PREFECT__CONTEXT__FLOW_RUN_ID: id,
        PREFECT__CLOUD__USE_LOCAL_SECRETS: "false",
      };
      try {
        end = await executeHere({ api, flow, clock, values, mocks, signal, env: { ...contract, ...env } });
      } catch (error) {
        // Why a run could not begin is in its state, where the API was told.
        const { states } = readRun(api, id, flow.graph);
        const state = states.at(-1);
        if (state === undefined || !isFinished(state)) throw error;
        end = { kind: "inProcess", conclusion: "finished" };
      }
    } else {
      const { executeElsewhere } = await import("./execution/execute-elsewhere.ts");
      const apiUrl = await api.listen();
      const artifact = this.#artifactOf(flow);
      const who = { runId: id, flowId, flow, artifact, apiUrl, apiKey: key, tenantId: api.tenantId };
      end = await executeElsewhere({ ...who, as, env, signal });
    }
    return this.#read(flow, id, end, from);
  }

  async #read(flow: FlowBase, id: string, end: TestEnd | null, from: number): Promise<TestRun> {
    const { api, client, seen } = this.#opened;
    const read = readRun(api, id, flow.graph);
    const values = this.#values.get(id) ?? new KeptValues();
    const config = { ...parseAuthorEnvironment({ HOME: this.#opened.folder }), useLocalSecrets: false };
    const secrets = openRunSecrets(config, client, () => undefined);
    const ask = answerQuestions({ secrets, cloud: null, log: () => undefined });
    const results = await readResults({ flow, taskRuns: read.taskRuns, values, ask });
    return new TestRun({ ...read, ...results, requests: end === null ? [] : seen.since(from), end });
  }
}
