import { z } from "zod";
import type { RunQuestion } from "../../flow/index.ts";

/** What the flow's code asks through its host: see `RunQuestion`. */
export const questionSchema: z.ZodType<RunQuestion> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("secret"), name: z.string() }),
  z.object({ kind: z.literal("variable"), name: z.string() }),
  z.object({
    kind: z.literal("setVariable"),
    name: z.string(),
    value: z.unknown(),
    tags: z.array(z.string()),
    overwrite: z.boolean(),
  }),
]);
