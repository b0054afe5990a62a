import type { Deployments, HeldDeployment } from "../../cloud/index.ts";
import { refusedValues } from "../../cloud/prefect3/index.ts";
import type { ApiAccess } from "../../config/index.ts";
import { isUuid } from "../../config/uuid.ts";
import { checkParameters } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";
import { slugify } from "../../graph/index.ts";
import { withDeployments } from "../register/with-api.ts";

export interface DeployedRunOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The run's name; default: the API makes one up. */
  readonly name?: string;
}

/**
 * Creates a run of a deployment of Prefect 3, due at once; resolves with the flow run's id.
 *
 * @param target The deployment's id, `flow/deployment`, or the flow's name alone: its deployment has the name that
 *   `deploy` gives when none is said.
 * @throws FlowRunnerError `DEPLOYMENT_NOT_FOUND`, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_VALUE_INVALID`
 *   where the API refuses a value by the parameters' schemas, and those of the API
 */
export function createDeployedRun(
  target: string,
  access: ApiAccess,
  { parameters = {}, name }: DeployedRunOptions,
): Promise<string> {
  return withDeployments(access, async (api) => {
    const found = await findDeployment(api, target);
    if (found === null) {
      const meant = await meantTitle(api, target);
      throw new FlowRunnerError("DEPLOYMENT_NOT_FOUND", { target, api: api.address, meant });
    }
    checkParameters(found, parameters);
    // An attempt whose answer is lost is made again, and is to make no second run.
    const run = { parameters, idempotency_key: crypto.randomUUID(), ...(name === undefined ? {} : { name }) };
    return api.createFlowRun(found.id, run).catch((error: unknown) => {
      throw refusedValues(error, found.name);
    });
  });
}

function findDeployment(api: Deployments, target: string): Promise<HeldDeployment | null> {
  if (isUuid(target)) return api.deploymentById(target);
  // A flow's name may hold a slash, a deployment's may not.
  const at = target.lastIndexOf("/");
  return at < 0 ? api.deployment(target, slugify(target)) : api.deployment(target.slice(0, at), target.slice(at + 1));
}

/** The deployment that may have been meant, in the form in which another one was named. */
async function meantTitle(api: Deployments, target: string): Promise<string | undefined> {
  if (isUuid(target)) return undefined;
  const titles = await api.deploymentTitles();
  if (target.includes("/")) return meantBy(target, titles);
  const flow = meantBy(
    target,
    titles.map((title) => title.slice(0, title.lastIndexOf("/"))),
  );
  // A flow whose deployment has another name than its own is named with it.
  return flow === undefined || titles.includes(`${flow}/${slugify(flow)}`)
    ? flow
    : titles.find((title) => title.startsWith(`${flow}/`));
}
