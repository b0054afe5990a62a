import { z } from "zod";
import { zonedDateSchema } from "../../schedule/schedule.ts";

/**
 * Prefect's serialized schedule: `serialization/schedule.py` at 1.4.1. At 0.7.0 clocks have no parameters, no labels and
 * no `day_or`, and a schedule names its type.
 */

const ofEveryClock = {
  parameter_defaults: z.record(z.string(), z.json()).nullish(),
  labels: z.array(z.string()).nullish(),
  __version__: z.string().exactOptional(),
};
const bounds = { start_date: zonedDateSchema.nullish(), end_date: zonedDateSchema.nullish() };

const clockFormSchema = z.discriminatedUnion("type", [
  /** Microseconds. */
  z.looseObject({ type: z.literal("IntervalClock"), interval: z.number().positive(), ...bounds, ...ofEveryClock }),
  z.looseObject({
    type: z.literal("CronClock"),
    cron: z.string(),
    day_or: z.boolean().nullish(),
    ...bounds,
    ...ofEveryClock,
  }),
  z.looseObject({ type: z.literal("DatesClock"), dates: z.array(zonedDateSchema).min(1), ...ofEveryClock }),
]);
export type ClockForm = z.infer<typeof clockFormSchema>;

/** Rules that take events out or move them, by their names in Prefect. */
const rules = z.array(z.looseObject({ fn: z.string() }).nullable()).nullish();

export const scheduleFormSchema = z.looseObject({
  clocks: z.array(clockFormSchema).min(1),
  filters: rules,
  or_filters: rules,
  not_filters: rules,
  adjustments: rules,
  __version__: z.string().exactOptional(),
});
export type ScheduleForm = z.infer<typeof scheduleFormSchema>;
