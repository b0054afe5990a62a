import { FlowRunnerError } from "../../errors/index.ts";
import { cloneFault } from "./clone-fault.ts";
import { jsonFault } from "./json-fault.ts";

/**
 * Turns values into bytes and back. Its name is kept with every object, so a reader knows which one to use; it must
 * give back a value equal to what it was given, or throw.
 *
 * @example
 * ```ts
 * const csv: Serializer = { name: "csv", serialize: (rows) => formatCsv(rows), deserialize: (bytes) => parseCsv(bytes.toString()) };
 * new S3ResultHandler({ bucket: "weather", serializer: csv });
 * ```
 */
export interface Serializer {
  /** 1 to 64 letters, digits, `.`, `_` or `-`; `json` and `structured` are taken. */
  readonly name: string;
  serialize(value: never): Uint8Array | string | Promise<Uint8Array | string>;
  deserialize(bytes: Buffer): unknown;
}

/** JSON text, UTF-8. Refuses, by path, what JSON would change. */
export const jsonSerializer: Serializer = {
  name: "json",
  serialize: (value: unknown) => {
    const fault = jsonFault(value);
    if (fault !== null) throw new FlowRunnerError("RESULT_NOT_JSON", fault);
    return JSON.stringify(value ?? null);
  },
  deserialize: (bytes) => JSON.parse(bytes.toString("utf8")) as unknown,
};

/** V8's structured clone: Map, Set, Date, BigInt, typed arrays, Error, cycles. Refuses, by path, what it would lose. */
export const structuredSerializer: Serializer = {
  name: "structured",
  serialize: async (value: unknown) => {
    const fault = cloneFault(value);
    if (fault !== null) throw new FlowRunnerError("RESULT_NOT_CLONEABLE", fault);
    const { serialize } = await import("node:v8");
    try {
      return serialize(value);
    } catch (error) {
      throw new FlowRunnerError("RESULT_NOT_CLONEABLE", { path: "$", what: String(error) }, { cause: error });
    }
  },
  deserialize: async (bytes) => {
    const { deserialize } = await import("node:v8");
    return deserialize(bytes) as unknown;
  },
};

/** The serializers a handler can be given by name. */
export const builtInSerializers: Readonly<Record<"json" | "structured", Serializer>> = {
  json: jsonSerializer,
  structured: structuredSerializer,
};
