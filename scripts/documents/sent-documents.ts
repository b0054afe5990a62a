import { startApi } from "../../src/api/index.ts";
import { graphqlAgentApi } from "../../src/cloud/graphql/agent/graphql-agent-api.ts";
import { GraphqlClient } from "../../src/cloud/graphql/client/graphql-client.ts";
import { dialects } from "../../src/cloud/graphql/dialect/dialects.ts";
import { graphqlApi } from "../../src/cloud/graphql/graphql-api.ts";
import type { Api } from "../../src/cloud/index.ts";
import { openHttp } from "../../src/cloud/transport/http-connection.ts";
import { Outage } from "../../src/cloud/transport/outage.ts";
import type { GraphqlDialectName } from "../../src/config/index.ts";
import { systemClock } from "../../src/engine/index.ts";
import { failed, makeState, retrying, running, success } from "../../src/state/index.ts";

/** A document as it went over the wire. */
export interface SentDocument {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly bytes: number;
}

/** Everything that the client asks of an API in a dialect, as it was sent to the embedded one. */
export async function sentDocuments(dialect: GraphqlDialectName): Promise<readonly SentDocument[]> {
  const server = await startApi({});
  const sent: SentDocument[] = [];
  const http = openHttp(dialects[dialect].endpoint(server.url), {});
  const client = new GraphqlClient({
    http: {
      ...http,
      send: (request, options) => {
        const { body = "" } = request;
        const { query, variables } = JSON.parse(body) as { query: string; variables: string };
        const parsed = JSON.parse(variables) as SentDocument["variables"] | null;
        sent.push({ query, variables: parsed ?? {}, bytes: Buffer.byteLength(body) });
        return http.send(request, options);
      },
    },
    retry: { clock: systemClock, outage: new Outage(systemClock, 10_000, () => undefined), random: Math.random },
    key: null,
    tenantId: null,
    requestTimeout: 10_000,
    dialect: dialects[dialect],
  });
  const rest = { tenantId: null, queueInterval: 1_000, close: () => http.close() };
  try {
    await askEverything(graphqlApi(client, rest), dialect === "1.x");
    if (dialect === "1.x") await askAsAgent(client, rest);
  } finally {
    http.close();
    await server.close();
  }
  return sent;
}

async function askEverything(api: Api, is1x: boolean): Promise<void> {
  const project = await api.createProject("demo", "about");
  const flow = await api.registerFlow({ projectId: project.id, serializedFlow, setScheduleActive: true });
  await api.flowByName({ name: "weather", project: "demo" });
  await api.runnableFlow({ id: flow.id });
  await api.runnableFlow({ name: "weather", project: "demo" });
  const flowRunId = await api.createFlowRun({
    flow: { id: flow.id },
    parameters: { day: 1 },
    context: { a: 1 },
    scheduledStartTime: Date.now(),
    ...(is1x ? { labels: ["x"], name: "n", runConfig: { type: "UniversalRun", labels: ["x"] } } : {}),
  });
  const { taskRuns, version } = await api.flowRunInfo(flowRunId);
  await api.flowRunState(flowRunId);
  const [first, second] = taskRuns;
  if (first === undefined || second === undefined) throw new Error("the run has no task runs");
  await api.submit({
    flowRunId,
    creations: [],
    taskStates: [],
    flowStates: [{ state: running("Running flow."), version }],
  });
  const { taskId } = second;
  await api.submit({
    flowRunId,
    creations: [0, 1].map((mapIndex) => ({ taskId, mapIndex })),
    taskStates: [
      {
        taskRunId: first.id,
        state: running("Starting task run."),
        version: first.version,
        flowRunVersion: version + 1,
      },
      { taskRunId: second.id, state: makeState("Mapped", "m", { mapCount: 2 }), version: second.version },
      { taskRunId: first.id, state: failed("no"), version: null },
      { taskRunId: first.id, state: retrying(1, 1, Date.now()), version: null },
    ],
    flowStates: [{ state: success("All reference tasks succeeded."), version: null }],
  });
  await api.taskRunStates([first.id]);
  await api.taskRunChildren({ flowRunId, taskId, first: 0, count: 2 });
  const query = { taskId, newerThan: Date.now() };
  await api.cachedStates([
    { ...query, cacheKey: null },
    { ...query, cacheKey: "key" },
  ]);
  await api.heartbeat(flowRunId, { taskRunIds: [first.id, second.id] });
  const record = { time: Date.now(), level: "INFO", name: "n", message: "line" } as const;
  await api.writeLogs(flowRunId, [
    { ...record, taskRunId: null },
    { ...record, taskRunId: first.id },
  ]);
  await api.setSecret("TOKEN", { a: 1 });
  await api.secretValue("TOKEN");
  await api.deleteSecret("TOKEN");
  if (!is1x) return;
  await api.secretNames();
  await api.cancelFlowRun(flowRunId);
}

async function askAsAgent(client: GraphqlClient, rest: Parameters<typeof graphqlApi>[1]): Promise<void> {
  const identity = { type: "LocalAgent", name: "a", labels: [] };
  const agent = await graphqlAgentApi(client, identity, { ...rest, warn: () => undefined });
  await agent.startableRuns(await agent.dueFlowRuns(Date.now()));
}

const task = {
  type: "prefect.tasks.core.function.FunctionTask",
  tags: [],
  max_retries: 0,
  retry_delay: null,
  timeout: null,
  trigger: { fn: "prefect.triggers.all_successful", kwargs: {} },
  skip_on_upstream_skip: true,
  cache_for: null,
  cache_key: null,
  cache_validator: { fn: "prefect.engine.cache_validators.never_use", kwargs: {} },
  auto_generated: false,
  inputs: {},
  outputs: "typing.Any",
};

const serializedFlow = {
  name: "weather",
  type: "prefect.core.flow.Flow",
  schedule: null,
  parameters: [],
  tasks: ["days", "fetch-1"].map((slug) => ({ ...task, slug, name: slug })),
  edges: [
    { upstream_task: { slug: "days" }, downstream_task: { slug: "fetch-1" }, key: "x", mapped: true, flattened: false },
  ],
  reference_tasks: [],
  environment: { type: "LocalEnvironment", labels: [] },
  run_config: { type: "UniversalRun", labels: [], env: null },
  storage: { type: "Local", flows: { weather: "/w.prefect" } },
};
