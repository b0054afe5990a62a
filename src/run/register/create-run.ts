import type { ApiAccess } from "../../config/index.ts";
import { isUuid } from "../../config/uuid.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";
import { checkGiven } from "./check-given.ts";
import { withApi } from "./with-api.ts";

export interface CreateRunOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The project in which a flow of that name is looked for; null: any. */
  readonly project: string | null;
  /** The run's name; default: the API makes one up. */
  readonly name?: string;
}

/**
 * Creates a run of a registered flow, due at once; resolves with the flow run's id.
 *
 * @param flow The flow's id or its name; of a name the newest version that is not archived.
 * Prefect 1.x: the API refuses a run that lacks a required parameter, and takes one that it does not know, of which the
 * runner dies later. Here both are refused before there is a run.
 *
 * @throws FlowRunnerError `REGISTERED_FLOW_NOT_FOUND`, `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`,
 *   `PARAMETER_VALUE_INVALID`, and those of the API
 */
export function createRun(flow: string, access: ApiAccess, options: CreateRunOptions): Promise<string> {
  const { parameters, project, name } = options;
  return withApi(access, async (api) => {
    const found = await api.runnableFlow(isUuid(flow) ? { id: flow } : { name: flow, project });
    if (found === null) {
      const meant = isUuid(flow) ? undefined : meantBy(flow, await api.flowNames(project));
      throw new FlowRunnerError("REGISTERED_FLOW_NOT_FOUND", { flow, project, api: api.address, meant });
    }
    await checkGiven(found, parameters ?? {});
    return api.createFlowRun({
      flow: { id: found.id },
      ...(parameters === undefined ? {} : { parameters }),
      ...(name === undefined ? {} : { name }),
    });
  });
}
