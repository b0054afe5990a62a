import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { allPages } from "../../all-pages.ts";
import type { ApiOptions } from "../../port/api-options.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { rowsAtOnce } from "../client/rows-at-once.ts";
import { openRestClient } from "../open-rest-client.ts";
import { flowRow } from "../run/flow-run-answers.ts";
import type { Deployments, HeldDeployment, WorkPool } from "./deployments.ts";

const identified = z.object({ id: z.string() });
const poolShape = z.object({ name: z.string(), type: z.string() });
const deploymentShape = z.object({
  id: z.string(),
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  parameter_openapi_schema: z
    .object({ properties: z.record(z.string(), z.unknown()).optional(), required: z.array(z.string()).optional() })
    .nullish(),
  schedules: z.array(z.object({ slug: z.string().nullish(), active: z.boolean() })).catch([]),
});
/** By package, then by type. */
const workersShape = z.record(
  z.string(),
  z.record(z.string(), z.object({ default_base_job_configuration: z.record(z.string(), z.unknown()) })),
);

/**
 * Opens the client of an API of Prefect 3; no request is made yet.
 *
 * @throws FlowRunnerError `API_URL_INVALID`, `API_CERTIFICATES_UNREADABLE`
 */
export function openDeployments(options: ApiOptions): Deployments {
  const { client, close } = openRestClient(options);
  const { address } = client;
  return {
    address,
    close,
    workPool: (name) =>
      found(
        client.send({
          operation: `the work pool "${name}"`,
          method: "GET",
          path: `/work_pools/${encodeURIComponent(name)}`,
          shape: poolShape,
        }),
      ),
    workPools: () => allPools(client),
    createWorkPool: (pool) => createWorkPool(client, pool),
    async flowId(name) {
      const request = { operation: `the flow "${name}"`, method: "POST", path: "/flows/", body: { name } } as const;
      return (await client.send({ ...request, shape: identified })).id;
    },
    deployment: (flow, name) => held(client, `name/${encodeURIComponent(flow)}/${encodeURIComponent(name)}`),
    deploymentTitles: () => deploymentTitles(client),
    deploymentById: (id) => held(client, id),
    async saveDeployment(body) {
      const request = { operation: `the deployment "${body.name}"`, method: "POST", path: "/deployments/" } as const;
      return (await client.send({ ...request, body, shape: identified })).id;
    },
    async createFlowRun(deploymentId, body) {
      const path = `/deployments/${deploymentId}/create_flow_run`;
      return (await client.send({ operation: "the flow run", method: "POST", path, body, shape: identified })).id;
    },
  };
}

/** Null: there is no such thing. */
async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (rejectedWith(error, 404)) return null;
    throw error;
  }
}

async function held(client: RestClient, place: string): Promise<HeldDeployment | null> {
  const request = { operation: "the deployment", method: "GET", path: `/deployments/${place}` } as const;
  const deployment = await found(client.send({ ...request, shape: deploymentShape }));
  if (deployment === null) return null;
  const { id, name, parameters, parameter_openapi_schema: schema, schedules } = deployment;
  const required = (schema?.required ?? []).filter((each) => !Object.hasOwn(parameters ?? {}, each));
  return {
    id,
    name,
    parameters: Object.keys(schema?.properties ?? {}).map((each) => ({
      name: each,
      required: required.includes(each),
    })),
    schedules: schedules.map(({ slug = null, active }) => ({ slug, active })),
  };
}

const titleShape = z.object({ name: z.string(), flow_id: z.string() });

async function deploymentTitles(client: RestClient): Promise<string[]> {
  const sort = "NAME_ASC";
  const [flows, deployments] = await Promise.all([
    allRows(client, "the names of the flows", { path: "/flows/filter", body: { sort }, shape: flowRow }),
    allRows(client, "the names of the deployments", { path: "/deployments/filter", body: { sort }, shape: titleShape }),
  ]);
  const names = new Map(flows.map(({ id, name }) => [id, name]));
  return deployments.map(({ name, flow_id }) => `${names.get(flow_id)}/${name}`);
}

const allPools = (client: RestClient): Promise<WorkPool[]> =>
  allRows(client, "the work pools", { path: "/work_pools/filter", body: {}, shape: poolShape });

interface Filter<Row> {
  readonly path: string;
  readonly body: object;
  readonly shape: z.ZodType<Row>;
}

const allRows = <Row>(client: RestClient, operation: string, { path, body, shape }: Filter<Row>): Promise<Row[]> =>
  allPages(rowsAtOnce, (offset, limit) =>
    client.send({ operation, method: "POST", path, body: { ...body, offset, limit }, shape: z.array(shape) }),
  );

async function createWorkPool(client: RestClient, { name, type }: WorkPool): Promise<void> {
  const workers = await client.send({
    operation: "the types of work pools",
    method: "GET",
    path: "/collections/views/aggregate-worker-metadata",
    shape: workersShape,
  });
  const types = Object.assign({}, ...Object.values(workers)) as z.infer<typeof workersShape>[string];
  const template = types[type]?.default_base_job_configuration;
  if (template === undefined) {
    throw new FlowRunnerError("WORK_POOL_TYPE_UNKNOWN", { type, known: Object.keys(types).sort() });
  }
  const body = { name, type, base_job_template: template };
  const request = { operation: `the work pool "${name}"`, method: "POST", path: "/work_pools/", body } as const;
  try {
    await client.send({ ...request, shape: poolShape });
  } catch (error) {
    // Somebody else has made it meanwhile, or a first attempt that was not answered.
    if (!rejectedWith(error, 409)) throw error;
  }
}
