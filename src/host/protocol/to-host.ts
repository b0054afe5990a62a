import { z } from "zod";
import {
  handleSchema,
  rangeSchema,
  seenStateSchema,
  stateSchema,
  storedResultSchema,
  valueRefSchema,
} from "./shared.ts";
import { toldErrorSchema } from "./told-error.ts";

/**
 * What the runner says to a host. A frame with an `id` is answered by exactly one frame with the same `id`.
 *
 * A host is started with the control channel as its file descriptor 3. The runner says `start` first; the host loads
 * the flow, answers `described` frames and then `ready`, or `unloadable`. From then on frames come in any order, and a
 * host handles them as they come: `ping` is answered at once whatever else is under way, unless the flow's own code
 * holds the thread, which is what `ping` is there to find out.
 *
 * The flow's own code shares the host's process and can write to the channel too, by mistake or on purpose. Each line of
 * a host therefore begins with the `seal` of its `start`, which the host keeps to itself; a host that sends another line
 * is ended.
 */

/** Each side refuses a peer of another version. */
export const protocolVersion = 1;

const id = z.int().nonnegative();
const slug = z.string();
const mapIndex = z.int().nonnegative().nullable();

const body = z.object({
  slug,
  mapIndex,
  taskRunId: z.string().nullable(),
  inputs: z.record(z.string(), valueRefSchema),
  into: handleSchema,
  runCount: z.int(),
  loopCount: z.int(),
  hasLoopResult: z.boolean(),
  resume: z.boolean(),
  timeout: z.number().nullable(),
  checkpoint: z.boolean(),
  keepInputs: z.boolean(),
  isolated: z.boolean(),
  trial: z.object({ set: z.record(z.string(), z.unknown()), inspect: z.int().nullable() }).exactOptional(),
});

const call = z.discriminatedUnion("fn", [
  z.object({
    fn: z.literal("taskStateHandlers"),
    slug,
    mapIndex,
    old: stateSchema,
    new: stateSchema,
    handle: handleSchema.nullable(),
  }),
  z.object({ fn: z.literal("flowStateHandlers"), old: stateSchema, new: stateSchema }),
  z.object({ fn: z.literal("terminalStateHandler"), state: stateSchema, references: z.array(seenStateSchema) }),
  z.object({ fn: z.literal("trigger"), slug, mapIndex, upstream: z.array(seenStateSchema) }),
  z.object({
    fn: z.literal("cacheValidator"),
    slug,
    cached: stateSchema,
    inputs: z.record(z.string(), valueRefSchema),
  }),
  z.object({ fn: z.literal("parameters") }),
  z.object({ fn: z.literal("secretProvider"), provider: z.string(), key: z.string() }),
  z.object({ fn: z.literal("environment"), hook: z.enum(["setup", "execute", "onStart", "onExit"]) }),
]);

const details = z.object({
  flowRunId: z.string().nullable(),
  flowRunName: z.string().nullable(),
  parameters: z.record(z.string(), z.unknown()),
  scheduledStart: z.number(),
  context: z.record(z.string(), z.unknown()),
  defaultHandler: z.looseObject({ type: z.string() }).nullable(),
});

export const toHostSchema = z.discriminatedUnion("type", [
  /** The first frame: what to load and where to keep the inputs of tasks that may have to be repeated. */
  z.object({
    type: z.literal("start"),
    protocol: z.literal(protocolVersion),
    /** What the host puts before each of its frames, before the JSON. */
    seal: z.string(),
    /** An artifact, or a source file when `source` is true. */
    file: z.string(),
    source: z.boolean(),
    /** The digest registered with the flow; null: none is known. */
    digest: z.string().nullable(),
    /** The flow's name; null: the only one. */
    flow: z.string().nullable(),
    applicationFolder: z.string().nullable(),
    /** A folder that hosts of one run share; null: nothing is kept. */
    scratch: z.string().nullable(),
    /** Names of libraries' loggers whose lines are records of the run's log; left out: none. */
    extraLoggers: z.array(z.string()).exactOptional(),
  }),
  /** Before the first `run` or `call`: what the tasks' context holds. */
  z.object({ type: z.literal("details"), details }),
  /** Run one attempt of a body; answered by `ran`. */
  z.object({ type: z.literal("run"), id, request: body }),
  /** Run other code of the flow's; answered by `called`. */
  z.object({ type: z.literal("call"), id, request: call, ahead: z.int().nonnegative() }),
  /** States of the next `call`, which says how many: those of 10,000 upstream task runs do not fit into one frame. */
  z.object({ type: z.literal("seen"), states: z.array(seenStateSchema) }),
  /** Answered by `measured`. */
  z.object({ type: z.literal("measure"), id, ref: valueRefSchema }),
  /** Look for what an earlier run may have left; answered by `probed`. */
  z.object({ type: z.literal("probe"), id, request: body }),
  /** Say what a body would be given; answered by `shown`. */
  z.object({ type: z.literal("show"), id, request: body }),
  /** Read a persisted result into a handle; answered by `done`. */
  z.object({ type: z.literal("read"), id, handle: handleSchema, slug, stored: storedResultSchema }),
  /**
   * Put values into the scratch folder, for another host; answered by `done`. `made` is one of them that the other host
   * makes anew (a loop's): from here on what lies in the folder counts.
   */
  z.object({ type: z.literal("keep"), id, refs: z.array(valueRefSchema), made: handleSchema.nullable() }),
  z.object({ type: z.literal("mark"), handle: handleSchema, kind: z.enum(["failed", "skipped"]), message: z.string() }),
  z.object({ type: z.literal("release"), ranges: z.array(rangeSchema) }),
  /** Abort the signal of one body (`id` of its `run`), or of all. */
  z.object({ type: z.literal("cancel"), id: id.nullable(), reason: z.string() }),
  z.object({ type: z.literal("ping"), id }),
  /** Answers to what the host asked. */
  z.object({ type: z.literal("answer"), id, value: z.unknown().optional(), error: toldErrorSchema.nullable() }),
  z.object({ type: z.literal("flowRan"), id, state: stateSchema.nullable(), error: z.string().nullable() }),
  /** End; nothing is answered. */
  z.object({ type: z.literal("end") }),
]);
export type ToHost = z.infer<typeof toHostSchema>;
