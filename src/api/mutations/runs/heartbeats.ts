import { type Resolver, timeOf, whole } from "../context.ts";

/** Prefect 1.x answers before it has looked: an unknown id is a success too. */
export const heartbeatMutations: Readonly<Record<string, Resolver>> = {
  update_flow_run_heartbeat: whole(({ flow_run_id: id }: { flow_run_id: string }, context) => {
    context.database.run("UPDATE flow_run SET heartbeat = ? WHERE id = ?", timeOf(context), id);
    return { success: true };
  }),
  update_task_run_heartbeat: whole(({ task_run_id: id }: { task_run_id: string }, context) => {
    context.database.run("UPDATE task_run SET heartbeat = ? WHERE id = ?", timeOf(context), id);
    return { success: true };
  }),
};
