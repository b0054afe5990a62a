import { z } from "zod";
import type { TapEvent } from "./tap.ts";

const sentShape = z.object({
  variables: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(
      z.record(
        z.string(),
        z.object({
          states: z.array(
            z.object({
              task_run_id: z.string().optional(),
              state: z.object({
                type: z.string(),
                context: z.looseObject({ task_run_count: z.number().optional(), _loop_count: z.number().optional() }),
              }),
            }),
          ),
        }),
      ),
    ),
});

/** A Running of a task run that the API has taken, and whose answer is on its way to the container. */
export interface Acknowledged {
  readonly taskRunId: string;
  readonly attempt: number;
  readonly loop: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** The Running states that an answered request has brought into force. A request with errors acknowledges nothing. */
export function acknowledgedBy({ moment, body, answer, time }: TapEvent): Acknowledged[] {
  if (moment !== "answered" || answer === null || answer.includes('"errors"')) return [];
  const sent = sentShape.safeParse(JSON.parse(body.toString("utf8")));
  if (!sent.success) return [];
  return Object.values(sent.data.variables).flatMap(({ states }) =>
    states.flatMap(({ task_run_id: taskRunId, state: { type, context } }) =>
      taskRunId === undefined || type !== "Running"
        ? []
        : [{ taskRunId, attempt: context.task_run_count ?? 1, loop: context._loop_count ?? 1, time }],
    ),
  );
}
