import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Api, startApi } from "../../../src/api/index.ts";
import { S3ResultHandler } from "../../../src/results/index.ts";
import { flowRunner } from "../../cli/binary.ts";
import { toolsOf } from "../../results/given.ts";
import { freePort, s3Keys, startS3 } from "../../results/servers.ts";
import { Container } from "./container.ts";
import { startTap, type Tap } from "./tap.ts";

export const survey = fileURLToPath(new URL("../fixtures/survey.ts", import.meta.url));

const stateShape = z.object({
  version: z.number(),
  timestamp: z.string().transform((time) => Date.parse(time)),
  state: z.string(),
  message: z.string().nullable(),
  serialized_state: z.looseObject({
    context: z.looseObject({ task_run_count: z.number().optional(), _loop_count: z.number().optional() }).optional(),
    _result: z.looseObject({ location: z.string().nullish() }).optional(),
  }),
});

const runShape = z.object({
  state: z.string(),
  states: z.array(stateShape),
  task_runs: z.array(
    z.object({
      id: z.string(),
      map_index: z.number(),
      task: z.object({ slug: z.string() }),
      states: z.array(stateShape),
    }),
  ),
});

/** A flow run as the API has it: every state it and its task runs have had, in order. */
export type RunHistory = z.output<typeof runShape>;

const bodyShape = z.object({
  slug: z.string(),
  mapIndex: z.number().nullable(),
  attempt: z.number(),
  loop: z.number(),
  container: z.number(),
  /** Its process id. */
  host: z.number(),
  time: z.number(),
});

/** A body that began: which attempt of which task run, in which container. */
export type Body = z.output<typeof bodyShape>;

/** An API, an S3, and containers that reach both through taps. */
export interface World {
  /** What `api` stands in front of. */
  readonly server: Api;
  readonly api: Tap;
  readonly s3: Tap;
  /** The folder with what the S3 holds: one file for each result. */
  readonly results: string;
  /** Saves and registers a flow of this source; resolves with its id. */
  register(source: string, flow: string): Promise<string>;
  /** Resolves with the flow run's id. */
  createRun(flowId: string, parameters?: Readonly<Record<string, unknown>>): Promise<string>;
  start(flowRunId: string, env?: NodeJS.ProcessEnv): Container;
  history(flowRunId: string): Promise<RunHistory>;
  /** Closes the gate that half of the run's stations lie behind, or opens it. */
  gate(flowRunId: string, to: "closed" | "open"): Promise<void>;
  /** Every body that began in a run, in order. */
  bodies(flowRunId: string): Promise<Body[]>;
  /** Sends the log of a run that its containers have kept on disk, as a person does once the API is there again. */
  deliverLog(flowRunId: string): Promise<void>;
  /** Reads a result as anybody can who has the keys. */
  read(location: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "resume-"));
  await mkdir(join(folder, "tmp"));
  // It goes away and comes back: meanwhile its port is to stay its own.
  const [server, store] = [await startApi({ port: await freePort() }), await startS3()];
  const [api, s3] = [await startTap(server.url), await startTap(store.url)];
  const containers: Container[] = [];
  const env = {
    HOME: folder,
    TMPDIR: join(folder, "tmp"),
    PREFECT__CLOUD__API: server.url,
    SURVEY_S3: s3.url,
  };
  const logOf = (flowRunId: string): string => join(folder, `${flowRunId}.jsonl`);

  const gateOf = (flowRunId: string): string => join(folder, `${flowRunId}.gate`);

  const command = async (...words: readonly string[]): Promise<string> => {
    const { out, err, exitCode } = await flowRunner(words, { env });
    if (exitCode !== 0) throw new Error(`${words[0]}: ${err}`);
    return out.trim();
  };

  const send = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const response = await fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };

  return {
    server,
    api,
    s3,
    results: join(store.folder, "objects", "results"),
    register: (source, flow) => command("register", source, "--flow", flow, "--project", "demo", "--create-project"),
    createRun: async (flowId, parameters = {}) => {
      const query = "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }";
      const data = await send(query, { input: { flow_id: flowId, parameters } });
      const { id } = z.object({ create_flow_run: z.object({ id: z.string() }) }).parse(data).create_flow_run;
      await writeFile(logOf(id), "");
      return id;
    },
    start: (flowRunId, more = {}) => {
      const own = {
        PREFECT__CLOUD__API: api.url,
        PREFECT__CONTEXT__FLOW_RUN_ID: flowRunId,
        PREFECT__CONTEXT__SECRETS__AWS_CREDENTIALS: JSON.stringify(s3Keys),
        SURVEY_LOG: logOf(flowRunId),
        SURVEY_GATE: gateOf(flowRunId),
      };
      const container = new Container({ ...env, ...own, ...more });
      containers.push(container);
      return container;
    },
    history: async (flowRunId) => {
      const state = "version timestamp state message serialized_state";
      const data = await send(
        `query($id: uuid!) { flow_run_by_pk(id: $id) {
          state states(order_by: { version: asc }) { ${state} }
          task_runs { id map_index task { slug } states(order_by: { version: asc }) { ${state} } }
        } }`,
        { id: flowRunId },
      );
      return z.object({ flow_run_by_pk: runShape }).parse(data).flow_run_by_pk;
    },
    gate: (flowRunId, to) => (to === "closed" ? writeFile(gateOf(flowRunId), "") : rm(gateOf(flowRunId))),
    bodies: async (flowRunId) => {
      const lines = (await readFile(logOf(flowRunId), "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => bodyShape.parse(JSON.parse(line)));
    },
    deliverLog: async (flowRunId) => {
      const file = join(folder, ".prefect", "undelivered", `${flowRunId}.logs.jsonl`);
      if (existsSync(file)) await command("deliver", file);
    },
    read: (location) =>
      new S3ResultHandler({ bucket: "results", endpoint: store.url }).read(
        location,
        toolsOf({ AWS_CREDENTIALS: s3Keys }),
      ),
    close: async () => {
      for (const container of containers) container.signal("SIGKILL");
      await Promise.all(containers.map(({ ended }) => ended));
      await Promise.all([api.close(), s3.close()]);
      await Promise.all([server.close(), store.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
