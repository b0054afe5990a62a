import type { FlowRunRow, RunsApi } from "../../cloud/index.ts";
import { isUuid } from "../../config/uuid.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";

/** So many of the newest runs are looked at for a name that was meant. */
const looked = 100;

/**
 * The flow run of an id, or the newest one of a name.
 *
 * @throws FlowRunnerError `FLOW_RUN_UNKNOWN`, which names the one that may have been meant; those of the API
 */
export async function findRun(api: RunsApi, run: string): Promise<FlowRunRow> {
  const [found] = await api.flowRuns({ ...(isUuid(run) ? { id: run } : { name: run }), limit: 1 });
  if (found !== undefined) return found;
  const names = (await api.flowRuns({ limit: looked })).map(({ name }) => name);
  throw new FlowRunnerError("FLOW_RUN_UNKNOWN", { run, api: api.address, meant: meantBy(run, names) });
}

/** The flow that may have been meant by a name: one of the newest runs', where none of these is of that name. */
export async function meantFlow(api: RunsApi, flow: string): Promise<string | undefined> {
  const names = (await api.flowRuns({ limit: looked })).map((run) => run.flow.name);
  return names.includes(flow) ? undefined : meantBy(flow, names);
}
