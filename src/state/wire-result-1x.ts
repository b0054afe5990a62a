import { z } from "zod";
import type { HandlerDescription, StoredResult } from "./state.ts";

/** `_result` of a state: where a value lies, and the class that can read it. */
export const wireResultSchema = z.looseObject({ type: z.string().optional(), location: z.unknown().optional() });
export type WireResult = z.infer<typeof wireResultSchema>;

interface Naming {
  readonly wire: string;
  /** Attributes that Prefect's class has; every other option of ours travels under `options`, which Prefect drops. */
  readonly attributes: readonly string[];
}

/** Our handlers by Prefect 1.x's Result classes. */
const namings: Readonly<Record<string, Naming>> = {
  JSONResultHandler: { wire: "PrefectResult", attributes: [] },
  LocalResultHandler: { wire: "LocalResult", attributes: ["dir"] },
  S3ResultHandler: { wire: "S3Result", attributes: ["bucket"] },
  GCSResultHandler: { wire: "GCSResult", attributes: ["bucket"] },
  AzureResultHandler: { wire: "AzureResult", attributes: ["container"] },
  ConstantResultHandler: { wire: "ConstantResult", attributes: [] },
  SecretResultHandler: { wire: "SecretResult", attributes: ["secret_type"] },
};

const handlerByWire = new Map(Object.entries(namings).map(([handler, naming]) => [naming.wire, handler]));

/** A handler that is none of Prefect's travels as CustomResult with its whole description. */
export function toWireResult(stored: StoredResult): WireResult {
  const { type, ...options } = stored.handler;
  const naming = Object.hasOwn(namings, type) ? namings[type] : undefined;
  if (naming === undefined) {
    const isBare = type === "CustomResultHandler" && Object.keys(options).length === 0;
    return { type: "CustomResult", location: stored.location, ...(isBare ? {} : { handler: stored.handler }) };
  }
  const wire: Record<string, unknown> = { type: naming.wire, location: stored.location };
  const ours: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) (naming.attributes.includes(name) ? wire : ours)[name] = value;
  if (Object.keys(ours).length > 0) wire.options = ours;
  return wire;
}

/** Null when nothing was persisted: no location, or a form (0.7's SafeResult) whose location 1.x does not know. */
export function fromWireResult(wire: WireResult | null | undefined): StoredResult | null {
  if (wire == null || typeof wire.type !== "string" || typeof wire.location !== "string") return null;
  return { handler: handlerOf(wire, wire.type), location: wire.location };
}

function handlerOf(wire: WireResult, wireType: string): HandlerDescription {
  const type = handlerByWire.get(wireType);
  if (type === undefined) return customHandler(wire, wireType);
  const options: Record<string, unknown> = isRecord(wire.options) ? { ...wire.options } : {};
  for (const name of namings[type]?.attributes ?? []) if (wire[name] != null) options[name] = wire[name];
  return { ...options, type };
}

function customHandler(wire: WireResult, wireType: string): HandlerDescription {
  const described = wire.handler;
  if (isRecord(described) && typeof described.type === "string") return { ...described, type: described.type };
  return wireType === "CustomResult"
    ? { type: "CustomResultHandler" }
    : { type: "CustomResultHandler", name: wireType };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
