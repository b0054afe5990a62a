import type { HandlerDescription } from "../state.ts";

/** A class of Prefect's that stands for one of our handlers on the wire. */
export interface HandlerNaming {
  readonly wire: string;
  /** Attributes that Prefect's class has; every other option of ours travels under `options`, which Prefect drops. */
  readonly attributes: readonly string[];
}

export type HandlerNamings = Readonly<Record<string, HandlerNaming>>;

/** Prefect's class, its attributes, and our own options apart. Null: Prefect has no class for it. */
export function namedHandler(
  namings: HandlerNamings,
  { type, ...options }: HandlerDescription,
): { readonly type: string; readonly [attribute: string]: unknown } | null {
  const naming = Object.hasOwn(namings, type) ? namings[type] : undefined;
  if (naming === undefined) return null;
  const attributes: Record<string, unknown> = {};
  const ours: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    (naming.attributes.includes(name) ? attributes : ours)[name] = value;
  }
  if (Object.keys(ours).length > 0) attributes.options = ours;
  return { ...attributes, type: naming.wire };
}

/** The handler behind a class of Prefect's, or behind one that nobody knows. */
export function handlerNamed(
  namings: HandlerNamings,
  wire: Readonly<Record<string, unknown>>,
  custom: string,
): HandlerDescription {
  const found = Object.entries(namings).find(([, naming]) => naming.wire === wire.type);
  if (found === undefined) return customHandler(wire, custom);
  const [type, { attributes }] = found;
  const options: Record<string, unknown> = isRecord(wire.options) ? { ...wire.options } : {};
  for (const name of attributes) if (wire[name] != null) options[name] = wire[name];
  return { ...options, type };
}

/** A handler that is none of Prefect's travels as its class for custom ones, with its whole description beside. */
export function customNamed(
  custom: string,
  handler: HandlerDescription,
): { readonly type: string; readonly handler?: HandlerDescription } {
  const isBare = handler.type === "CustomResultHandler" && Object.keys(handler).length === 1;
  return { type: custom, ...(isBare ? {} : { handler }) };
}

function customHandler(wire: Readonly<Record<string, unknown>>, custom: string): HandlerDescription {
  const described = wire.handler;
  if (isRecord(described) && typeof described.type === "string") return { ...described, type: described.type };
  return wire.type === custom || typeof wire.type !== "string"
    ? { type: "CustomResultHandler" }
    : { type: "CustomResultHandler", name: wire.type };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
