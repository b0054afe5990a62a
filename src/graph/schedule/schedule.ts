import { z } from "zod";

/** A schedule as plain data: when runs of a flow begin. It is part of the flow's graph and of its registration. */

/** A time of day on a calendar, somewhere: `{ dt: "2026-03-08T09:00:00", tz: "Europe/Zurich" }`, as Prefect writes it. */
export const zonedDateSchema = z.object({
  /** ISO 8601 without an offset. One that the clocks skip is read as after them; one that comes twice is the second. */
  dt: z.string(),
  /** An IANA time zone, or an offset (`+02:00`). */
  tz: z.string(),
});
export type ZonedDate = z.infer<typeof zonedDateSchema>;

const ofEveryClock = {
  /** Parameters of the runs that this clock starts. */
  parameterDefaults: z.record(z.string(), z.json()),
  /** Labels of the runs that this clock starts; null: those of the flow. */
  labels: z.array(z.string()).nullable(),
};

const bounds = {
  /** The first time it may fire; it gives the clock its time zone. Null: 2019-01-01 in UTC. */
  startDate: zonedDateSchema.nullable(),
  /** The last time it may fire. */
  endDate: zonedDateSchema.nullable(),
};

export const clockSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("IntervalClock"),
    /** Milliseconds. */
    interval: z.number().positive(),
    ...bounds,
    ...ofEveryClock,
  }),
  z.object({
    type: z.literal("CronClock"),
    /** In croniter's language: minute, hour, day, month, weekday, then perhaps second and year. */
    cron: z.string(),
    /** Whether a day need match only one of day and weekday (cron's rule), or both. */
    dayOr: z.boolean(),
    ...bounds,
    ...ofEveryClock,
  }),
  z.object({ type: z.literal("DatesClock"), dates: z.array(zonedDateSchema).min(1), ...ofEveryClock }),
]);
export type ClockSpec = z.infer<typeof clockSchema>;
export type IntervalClockSpec = Extract<ClockSpec, { type: "IntervalClock" }>;
export type CronClockSpec = Extract<ClockSpec, { type: "CronClock" }>;
export type DatesClockSpec = Extract<ClockSpec, { type: "DatesClock" }>;

export const scheduleSchema = z.object({ clocks: z.array(clockSchema).min(1) });
export type ScheduleSpec = z.infer<typeof scheduleSchema>;
