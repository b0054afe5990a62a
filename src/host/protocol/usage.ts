import { z } from "zod";

/**
 * What a host has used while one attempt of a body ran. All of it is the process's: of an isolated body, which has a
 * process to itself, it is the body's own; of another it is shared with the `beside` others.
 */
export const usageSchema = z.object({
  /** When it was entered, epoch milliseconds. */
  began: z.number(),
  /** Milliseconds until its outcome was there, its result written. */
  wall: z.number(),
  /** Milliseconds of CPU, all threads together; of an isolated body also those of its child processes that have ended. */
  cpu: z.number(),
  /** Resident memory at the end, bytes. */
  memory: z.number(),
  /** By how much it grew meanwhile, bytes; negative when it shrank. */
  grown: z.number(),
  /** The most that the process has had resident since it started, bytes. */
  peak: z.number(),
  /** The most other bodies that were under way at one time. */
  beside: z.int().nonnegative(),
  /** Milliseconds of CPU since the process started. */
  total: z.number(),
  /** The writing of its result: when it began, and how many milliseconds it took. Left out: nothing was written. */
  write: z.object({ began: z.number(), took: z.number(), failed: z.boolean() }).exactOptional(),
});

export type Usage = z.infer<typeof usageSchema>;
