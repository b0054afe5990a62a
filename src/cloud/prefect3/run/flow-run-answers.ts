import { z } from "zod";

/** A state as the API tells it; `wire-3.ts` reads what it means. */
const heldState = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string().nullish(),
  message: z.string().nullish(),
  state_details: z
    .looseObject({
      transition_id: z.string().nullish(),
      pause_key: z.string().nullish(),
      pause_reschedule: z.boolean().nullish(),
      pause_timeout: z.string().nullish(),
      deployment_concurrency_lease_id: z.string().nullish(),
    })
    .nullish(),
});
export type HeldState3 = z.infer<typeof heldState>;

export const flowRunRow = z.object({
  id: z.string(),
  name: z.string(),
  flow_id: z.string(),
  deployment_id: z.string().nullish(),
  parent_task_run_id: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).catch({}),
  context: z.record(z.string(), z.unknown()).nullish(),
  tags: z.array(z.string()).catch([]),
  labels: z.record(z.string(), z.unknown()).nullish(),
  job_variables: z.record(z.string(), z.unknown()).nullish(),
  run_count: z.number().catch(0),
  empirical_policy: z
    .looseObject({
      pause_keys: z.array(z.string()).nullish(),
      retries: z.number().nullish(),
      retry_delay: z.number().nullish(),
    })
    .nullish(),
  expected_start_time: z.string().nullish(),
  next_scheduled_start_time: z.string().nullish(),
  state: heldState.nullish(),
});
export type FlowRunRow = z.infer<typeof flowRunRow>;

export const flowRow = z.object({ id: z.string(), name: z.string() });

/** What the orchestrator says of a state that was proposed. */
export const orchestrated = z.object({
  status: z.enum(["ACCEPT", "REJECT", "WAIT", "ABORT"]),
  state: heldState.nullish(),
  details: z.looseObject({ reason: z.string().nullish(), delay_seconds: z.number().nullish() }).catch({}),
});
export type Orchestrated = z.infer<typeof orchestrated>;
