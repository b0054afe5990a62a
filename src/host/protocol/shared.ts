import { z } from "zod";
import { type State, stateTypes } from "../../state/index.ts";

/** Pieces that frames of both directions use. */

export const storedResultSchema = z.object({ handler: z.looseObject({ type: z.string() }), location: z.string() });

export const stateSchema: z.ZodType<State> = z.lazy(() =>
  z.object({
    type: z.enum(stateTypes),
    message: z.string().nullable(),
    result: storedResultSchema.nullable(),
    context: z.record(z.string(), z.unknown()),
    startTime: z.number().nullable().exactOptional(),
    runCount: z.number().exactOptional(),
    loopCount: z.number().exactOptional(),
    crashed: z.literal(true).exactOptional(),
    mapCount: z.number().exactOptional(),
    cachedUntil: z.number().nullable().exactOptional(),
    hashedInputs: z.record(z.string(), z.string()).exactOptional(),
    cachedParameters: z.record(z.string(), z.unknown()).exactOptional(),
    wrapped: stateSchema.exactOptional(),
    cachedInputs: z.record(z.string(), z.unknown()).exactOptional(),
    received: z
      .object({ result: storedResultSchema.nullable(), wire: z.record(z.string(), z.unknown()) })
      .exactOptional(),
  }),
);

const handle = z.int().positive();
export const rangeSchema = z.tuple([handle, z.int().nonnegative()]).readonly();

export const valueRefSchema = z.union([
  z.object({ handle, index: z.int().nonnegative() }),
  z.object({ handle }),
  z.object({ list: z.array(rangeSchema) }),
]);

export const seenStateSchema = z.object({
  slug: z.string(),
  mapIndex: z.number().nullable(),
  key: z.string().nullable(),
  state: stateSchema,
  handle: handle.nullable(),
});

export const errorReportSchema = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().nullable(),
  retryable: z.boolean(),
});

export { handle as handleSchema };
