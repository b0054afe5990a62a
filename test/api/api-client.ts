import { onTestFinished } from "vitest";
import { z } from "zod";
import { type Api, type ApiOptions, startApi } from "../../src/api/index.ts";

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.object({ code: z.string() }),
      }),
    )
    .optional(),
});
export type Answer = z.output<typeof answerShape> & { readonly status: number };

type Json = Record<string, unknown>;

/** Posts as Prefect 1.x does: `variables` is a string of JSON. */
export async function post(url: string, query: string, variables: Json | null = null, headers = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables: JSON.stringify(variables) }),
  });
  return { status: response.status, ...answerShape.parse(await response.json()) };
}

type Address = Pick<Api, "url" | "tenantId">;

/** One API and what a test does with it. `send` fails on errors; `ask` hands them over. */
export interface ApiClient<Known extends Address = Api> {
  readonly api: Known;
  readonly ask: (query: string, variables?: Json) => Promise<Answer>;
  readonly send: <Data = Json>(query: string, variables?: Json) => Promise<Data>;
  /** Sends one mutation by its name, with its input in a variable. */
  readonly mutate: <Data = Json>(name: string, input: Json, selection?: string) => Promise<Data>;
  readonly refusal: (name: string, input: Json, selection?: string) => Promise<string>;
}

export async function openApi(options: ApiOptions = {}): Promise<ApiClient<Api>> {
  const api = await startApi(options);
  onTestFinished(() => api.close());
  return clientOf(api);
}

export function clientOf<Known extends Address>(api: Known): ApiClient<Known> {
  const ask = (query: string, variables?: Json): Promise<Answer> => post(api.url, query, variables ?? null);
  const mutation = (name: string, selection = "{ id }"): string =>
    `mutation($input: ${name}_input!) { ${name}(input: $input) ${selection} }`;
  const send = async <Data>(query: string, variables?: Json): Promise<Data> => {
    const { data, errors } = await ask(query, variables);
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("\n"));
    return data as Data;
  };
  return {
    ...{ api, ask, send },
    mutate: async <Data>(name: string, input: Json, selection?: string) =>
      (await send<Record<string, Data>>(mutation(name, selection), { input }))[name] as Data,
    refusal: async (name, input, selection) => {
      const { errors } = await ask(mutation(name, selection), { input });
      return errors?.map(({ message, extensions }) => `${extensions.code}: ${message}`).join("\n") ?? "nothing refused";
    },
  };
}

/** The form in which Prefect 1.x registers a task, as far as the API reads it. */
export const taskForm = (slug: string, more: Json = {}): Json => ({
  slug,
  name: slug.replace(/-\d+$/, ""),
  type: "prefect.tasks.core.function.FunctionTask",
  trigger: { fn: "prefect.triggers.all_successful", kwargs: {} },
  tags: [],
  ...more,
});

export const flowForm = (name: string, tasks: readonly Json[], more: Json = {}): Json => ({
  ...{ name, type: "prefect.core.flow.Flow", parameters: [], tasks, edges: [], reference_tasks: [] },
  ...{ storage: { type: "Local", flows: {} }, run_config: { type: "UniversalRun", labels: [] }, schedule: null },
  __version__: "1.4.1",
  ...more,
});

export interface Registered {
  readonly projectId: string;
  readonly flowId: string;
}

export async function register(client: ApiClient<Address>, form: Json, projectId?: string): Promise<Registered> {
  const project = projectId ?? (await createProject(client, crypto.randomUUID()));
  const flow = await client.mutate<{ id: string }>("create_flow", { project_id: project, serialized_flow: form });
  return { projectId: project, flowId: flow.id };
}

export async function createProject({ mutate, api }: ApiClient<Address>, name: string): Promise<string> {
  return (await mutate<{ id: string }>("create_project", { tenant_id: api.tenantId, name })).id;
}

export interface Run {
  readonly flowRunId: string;
  /** By slug, of the task runs that are not mapped children. */
  readonly taskRuns: Readonly<Record<string, { readonly id: string; readonly taskId: string }>>;
}

export async function createRun(client: ApiClient<Address>, flowId: string, more: Json = {}): Promise<Run> {
  const { id } = await client.mutate<{ id: string }>("create_flow_run", { flow_id: flowId, ...more });
  const { task_run: rows } = await client.send<{ task_run: { id: string; task: { id: string; slug: string } }[] }>(
    "query($id: uuid!) { task_run(where: { flow_run_id: { _eq: $id } }) { id task { id slug } } }",
    { id },
  );
  return {
    flowRunId: id,
    taskRuns: Object.fromEntries(rows.map((row) => [row.task.slug, { id: row.id, taskId: row.task.id }])),
  };
}

/** A run of a flow with the tasks `a-1` and `b-1`, Running unless told otherwise. */
export async function runningRun(client: ApiClient<Address>, more: { readonly running?: boolean } = {}): Promise<Run> {
  const { flowId } = await register(client, flowForm("pair", [taskForm("a-1"), taskForm("b-1")]));
  const run = await createRun(client, flowId);
  if (more.running !== false)
    await setFlowRunState(client, run.flowRunId, { type: "Running", message: "Running flow." });
  return run;
}

const statesSelection = "{ states { id status message } }";

export const setFlowRunState = (client: ApiClient<Address>, id: string, state: Json, version: number | null = null) =>
  client.mutate("set_flow_run_states", { states: [{ flow_run_id: id, version, state }] }, statesSelection);

export const setTaskRunState = (client: ApiClient<Address>, id: string, state: Json, version: number | null = null) =>
  client.mutate("set_task_run_states", { states: [{ task_run_id: id, version, state }] }, statesSelection);

export const refusalOfTaskRunState = (
  client: ApiClient<Address>,
  id: string,
  state: unknown,
  version: number | null = null,
) => client.refusal("set_task_run_states", { states: [{ task_run_id: id, version, state }] }, statesSelection);

export const refusalOfFlowRunState = (
  client: ApiClient<Address>,
  id: string,
  state: unknown,
  version: number | null = null,
) => client.refusal("set_flow_run_states", { states: [{ flow_run_id: id, version, state }] }, statesSelection);

export interface StateRow {
  readonly version: number;
  readonly state: string;
  readonly message: string | null;
  readonly serialized_state: Json;
}

/** A run's states, in the order in which they were set. */
export async function historyOf(
  client: ApiClient<Address>,
  kind: "flow_run" | "task_run",
  id: string,
): Promise<StateRow[]> {
  const answer = await client.send<Record<string, StateRow[]>>(
    `query($id: uuid!) {
      ${kind}_state(where: { ${kind}_id: { _eq: $id } }) { version state message serialized_state }
    }`,
    { id },
  );
  return answer[`${kind}_state`] ?? [];
}
