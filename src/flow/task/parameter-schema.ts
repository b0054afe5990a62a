import { messageOf } from "../../errors/message-of.ts";
import { type JsonSchema, problemTexts, type ValueProblem } from "../../graph/index.ts";
import { jsonProblem } from "../inputs/json-problem.ts";

/**
 * A schema that says what a value must be like, and tells it as JSON schema too: any of zod 4.2 and later, and of other
 * libraries that follow Standard Schema and Standard JSON Schema. Nothing of zod is loaded here: the schema is the author's.
 */
export interface ParameterSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly jsonSchema: { readonly input: (options: { target: "draft-2020-12" }) => Record<string, unknown> };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export type SchemaInput<Schema extends ParameterSchema> = NonNullable<Schema["~standard"]["types"]>["input"];
export type SchemaOutput<Schema extends ParameterSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

/** A value as its schema leaves it, or what is wrong with it. */
export type LookedOver =
  | { readonly problems: null; readonly value: unknown }
  | { readonly problems: readonly ValueProblem[] };

/** Looks over the value of a parameter that has a schema. */
export type ParameterCheck = (value: unknown) => Promise<LookedOver>;

export interface DeclaredSchema {
  readonly json: JsonSchema;
  readonly check: ParameterCheck;
  /** Why a default does not fit, where that can be said without loading anything; null: it may fit. */
  misfit(value: unknown): string | null;
}

/** @returns a text that says why it is none */
export function declaredSchema(schema: unknown): DeclaredSchema | string {
  if (!isObject(schema)) return `its schema must be one of zod, or a JSON schema, and is ${JSON.stringify(schema)}.`;
  if (!("~standard" in schema)) return ofJsonSchema(schema as JsonSchema);
  const standard = (schema as unknown as ParameterSchema)["~standard"];
  if (typeof standard.jsonSchema?.input !== "function")
    return "its schema does not tell its JSON schema: use zod 4.2 or later, or give the JSON schema itself.";
  try {
    const { $schema: _, ...json } = standard.jsonSchema.input({ target: "draft-2020-12" });
    return {
      json,
      check: async (value) => validated(await standard.validate(value)),
      misfit: (value) => {
        const result = standard.validate(value);
        if (result instanceof Promise) {
          // It is looked over when a run starts.
          result.catch(() => {});
          return null;
        }
        const found = validated(result);
        return found.problems === null ? null : problemTexts("$", found.problems).join("; ");
      },
    };
  } catch (error) {
    return `its schema is for values that JSON cannot carry: ${messageOf(error)}.`;
  }
}

function ofJsonSchema(json: JsonSchema): DeclaredSchema | string {
  const problem = jsonProblem(json);
  if (problem !== null) return `its JSON schema must be JSON, but ${problem}.`;
  const check: ParameterCheck = async (value) => {
    const { schemaProblems } = await import("../../graph/json-schema/schema-problems.ts");
    const problems = await schemaProblems(json, value);
    return problems.length > 0 ? { problems } : { problems: null, value };
  };
  return { json, check, misfit: () => null };
}

function validated(result: Validated<unknown>): LookedOver {
  if (result.issues !== undefined) return { problems: result.issues.map(problemOf) };
  const problem = jsonProblem(result.value);
  if (problem === null) return { problems: null, value: result.value };
  return { problems: [{ path: [], message: `its schema makes of it what JSON cannot carry: ${problem}` }] };
}

const problemOf = ({ message, path = [] }: Issue): ValueProblem => ({
  path: path.map((step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "number" ? key : String(key);
  }),
  message,
});

const isObject = (value: unknown): value is object =>
  (typeof value === "object" || typeof value === "function") && value !== null && !Array.isArray(value);
