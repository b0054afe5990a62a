import { z } from "zod";
import type { PauseForm } from "../../../../flow/index.ts";
import { formSchema } from "../../../../graph/index.ts";

/** What who resumes a run is asked for, and how it is read. */
export interface InputForm extends PauseForm {
  /** @throws Error for what the schema refuses */
  read(input: unknown): Promise<unknown>;
}

/**
 * The form that a schema stands for. One that is no object's becomes the only field, `value`, of one (Prefect 3:
 * `AutomaticRunInput`).
 *
 * @throws Error for a schema that JSON Schema has nothing for (a date, a function)
 */
export function inputForm(schema: z.ZodType, description: string | null): InputForm {
  const json = formSchema(z.toJSONSchema(schema, { io: "input" }));
  if (json.type === "object") return { schema: json, description, read: (input) => read(schema, input ?? {}) };
  const object = formSchema(z.toJSONSchema(z.object({ value: schema }), { io: "input" }));
  const field = (input: unknown): unknown => (input as { readonly value?: unknown } | undefined)?.value;
  return { schema: object, description, read: (input) => read(schema, field(input)) };
}

async function read(schema: z.ZodType, input: unknown): Promise<unknown> {
  const parsed = await schema.safeParseAsync(input);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
