import type { Deployments, WorkPool } from "../../../cloud/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { Prefect3DeployOptions } from "./options.ts";

/**
 * The work pool to deploy to, which is made when it is not there and a type is given for it.
 *
 * @throws FlowRunnerError `WORK_POOL_NOT_FOUND`, `WORK_POOL_TYPE_UNKNOWN`, and those of the API
 */
export async function findWorkPool(
  api: Deployments,
  { workPool: name, createPool: type }: Pick<Prefect3DeployOptions, "workPool" | "createPool">,
): Promise<WorkPool> {
  const found = await api.workPool(name);
  if (found !== null) return found;
  if (type === undefined) {
    throw new FlowRunnerError("WORK_POOL_NOT_FOUND", { name, api: api.address, pools: await api.workPools() });
  }
  await api.createWorkPool({ name, type });
  return { name, type };
}

/** Whether workers of a pool start a command on their own machine, and not a container. */
export const startsProcesses = ({ type }: WorkPool): boolean => type === "process";
