import type { Resolvers } from "../schema/build.ts";
import { accessMutations, accessQueries } from "./access.ts";
import { agentMutations } from "./agents.ts";
import { artifactMutations } from "./artifacts.ts";
import type { RequestContext, Resolver } from "./context.ts";
import { keyValueMutations } from "./key-values.ts";
import { limitMutations } from "./limits.ts";
import { flowTaskMutations } from "./registration/flow-tasks.ts";
import { flowMutations } from "./registration/flows.ts";
import { groupScheduleMutations } from "./registration/group-schedules.ts";
import { projectMutations } from "./registration/projects.ts";
import { scheduleMutations } from "./registration/schedules.ts";
import { flowRunStateMutations } from "./runs/flow-run-states.ts";
import { flowRunMutations } from "./runs/flow-runs.ts";
import { heartbeatMutations } from "./runs/heartbeats.ts";
import { logMutations } from "./runs/logs.ts";
import { queueMutations } from "./runs/queue.ts";
import { taskRunStateMutations } from "./runs/task-run-states.ts";
import { getTaskRunInfo, taskRunMutations } from "./runs/task-runs.ts";
import { secretMutations, secretQueries } from "./secrets.ts";

const aboutApi: Readonly<Record<string, Resolver>> = {
  hello: () => "👋",
  api: (_, _args, { version }) => ({ backend: "SERVER", mode: "normal", version, core_version: "1.4.1" }),
};

/** The resolvers of all mutations, and of the queries that are not over entities. */
export const operationResolvers: Resolvers<RequestContext> = {
  Query: { ...aboutApi, ...accessQueries, ...secretQueries, get_task_run_info: getTaskRunInfo },
  Mutation: {
    ...projectMutations,
    ...flowMutations,
    ...flowTaskMutations,
    ...scheduleMutations,
    ...groupScheduleMutations,
    ...flowRunMutations,
    ...taskRunMutations,
    ...flowRunStateMutations,
    ...taskRunStateMutations,
    ...heartbeatMutations,
    ...logMutations,
    ...queueMutations,
    ...secretMutations,
    ...limitMutations,
    ...agentMutations,
    ...artifactMutations,
    ...keyValueMutations,
    ...accessMutations,
  },
};
