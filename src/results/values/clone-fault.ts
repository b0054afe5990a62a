import { types } from "node:util";
import { isPlainObject, kindOf } from "./kind-of.ts";
import { type Fault, FaultFound, firstFault, type Step } from "./trail.ts";

/** The classes that a structured clone brings back as what they were. */
const leafClasses: ReadonlySet<unknown> = new Set([
  Date.prototype,
  RegExp.prototype,
  Boolean.prototype,
  Number.prototype,
  String.prototype,
  BigInt.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  Buffer.prototype,
  ...[
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    Reflect.get(globalThis, "Float16Array") as { prototype: unknown } | undefined,
  ].map((type) => type?.prototype),
]);

const errorClasses: ReadonlySet<unknown> = new Set(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => type.prototype),
);

/** What a clone of an Error keeps; anything else on it would be lost without a word. */
const errorKeys: ReadonlySet<PropertyKey> = new Set(["message", "stack", "cause"]);

/**
 * Finds the first thing in a value that a structured clone would refuse, drop or turn into something else: functions,
 * symbols, promises, class instances (their class is lost), subclasses of Error and Map, extra properties of an Error,
 * symbol keys. Null when the value comes back as it was. Cycles are fine.
 */
export function cloneFault(value: unknown): Fault | null {
  const steps: Step[] = [];
  const seen = new Set<object>();

  const enter = (step: Step, child: unknown): void => {
    steps.push(step);
    visit(child);
    steps.pop();
  };

  const visit = (item: unknown): void => {
    if (typeof item === "function" || typeof item === "symbol") throw new FaultFound(steps, kindOf(item));
    if (typeof item !== "object" || item === null || seen.has(item)) return;
    seen.add(item);
    if (types.isProxy(item) || types.isModuleNamespaceObject(item)) throw new FaultFound(steps, kindOf(item));
    const prototype: unknown = Object.getPrototypeOf(item);
    if (leafClasses.has(prototype)) return;
    refuseSymbolKeys(item);
    if (prototype === Map.prototype) visitMap(item as Map<unknown, unknown>);
    else if (prototype === Set.prototype) visitSet(item as Set<unknown>);
    else if (prototype === Array.prototype) visitArray(item as unknown[]);
    else if (errorClasses.has(prototype)) visitError(item as Error);
    else if (isPlainObject(item)) visitEntries(item);
    else throw new FaultFound(steps, kindOf(item));
  };

  const refuseSymbolKeys = (item: object): void => {
    if (Object.getOwnPropertySymbols(item).length > 0) throw new FaultFound(steps, "an object with a symbol as key");
  };

  const visitMap = (map: Map<unknown, unknown>): void => {
    let index = 0;
    for (const [key, child] of map) {
      enter({ mapKey: index }, key);
      enter(typeof key === "string" ? key : { mapValue: index }, child);
      index += 1;
    }
  };

  const visitSet = (set: Set<unknown>): void => {
    let index = 0;
    for (const member of set) enter({ member: index++ }, member);
  };

  const visitArray = (items: readonly unknown[]): void => {
    for (let index = 0; index < items.length; index += 1) enter(index, items[index]);
  };

  const visitError = (error: Error): void => {
    const lost = Object.getOwnPropertyNames(error).find((key) => !errorKeys.has(key));
    if (lost !== undefined) throw new FaultFound([...steps, lost], "a property of an Error, which would be lost");
    if ("cause" in error) enter("cause", error.cause);
  };

  const visitEntries = (object: object): void => {
    for (const [key, child] of Object.entries(object)) enter(key, child);
  };

  return firstFault(() => visit(value));
}
