import type { FlowGraph, JsonSchema, ParameterSpec } from "../graph.ts";
import { formSchema } from "../json-schema/form-schema.ts";

/** A JSON schema of parameters as Prefect 3 keeps it: its pages make a form of it, and its API checks runs by it. */
export interface ParameterSchema {
  readonly title: "Parameters";
  readonly type: "object";
  readonly properties: Readonly<Record<string, ParameterProperty>>;
  readonly required: readonly string[];
  /** Of none: what is referred to stands where it is (`formSchema`). Prefect's pages look for it. */
  readonly definitions: Readonly<Record<string, never>>;
}

export interface ParameterProperty extends JsonSchema {
  readonly title: string;
  /** Its place in the form. */
  readonly position: number;
  /** Left out where it is required. */
  readonly default?: unknown;
}

/** Left empty: any value. */
interface JsonType extends JsonSchema {
  readonly type?: "string" | "number" | "boolean" | "array" | "object";
  readonly items?: JsonType;
}

/**
 * The schema of a flow's parameters. The types of TypeScript are gone when a flow is built, so that a parameter without a
 * schema has the type of its default; one without a default takes any value. Prefect 3: `parameter_schema`, from a function's
 * annotations.
 *
 * @example parameterSchema(weather.graph).properties.days // { title: "days", position: 0, default: ["2012-01-01"], type: "array", … }
 */
export function parameterSchema({ parameters }: Pick<FlowGraph, "parameters">): ParameterSchema {
  const properties = parameters.map((parameter, position) => {
    const { name, required, default: fallback = null } = parameter;
    return [name, { title: name, position, ...(required ? {} : { default: fallback }), ...valuesOf(parameter) }];
  });
  return {
    title: "Parameters",
    type: "object",
    properties: Object.fromEntries(properties),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    definitions: {},
  };
}

/** What a parameter takes. */
function valuesOf({ schema, required, default: fallback = null }: ParameterSpec): JsonSchema {
  if (schema === undefined) return required ? {} : typeOf(fallback);
  const { default: _, ...own } = formSchema(schema);
  if (required || fallback !== null) return own;
  // A form that is sent off with nothing in this place sends null.
  const { title: __, description: ___, ...unlabelled } = own;
  return formSchema({ anyOf: [unlabelled, { type: "null" }], ...labels(schema) });
}

const labels = ({ title, description }: JsonSchema): JsonSchema => ({
  ...(title === undefined ? {} : { title }),
  ...(description === undefined ? {} : { description }),
});

/** A default of 3 says nothing about 3.5, and an empty one or null nothing at all. */
function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { type: "array", ...items(value) };
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? { type } : { type: "object" };
}

/** Items of several types may be any. */
function items(values: readonly unknown[]): Pick<JsonType, "items"> {
  const types = values.map(typeOf).map(({ type }) => type);
  const [type] = types;
  return type === undefined || new Set(types).size > 1 ? {} : { items: { type } };
}
