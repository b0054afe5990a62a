import { isPlainObject, kindOf } from "./kind-of.ts";
import { type Fault, FaultFound, firstFault, type Step } from "./trail.ts";

/**
 * Finds the first thing in a value that JSON would change or drop: `undefined` in an array, BigInt, NaN, a Date, a Map,
 * a class instance, a hole, a symbol key, a cycle. Null when the value is JSON.
 *
 * A property that is `undefined` is allowed, and left out as JSON does; so is `undefined` as the whole value, which is
 * a body that returned nothing (Prefect 1.x: None, `null` in JSON).
 */
export function jsonFault(value: unknown): Fault | null {
  if (value === undefined) return null;
  const steps: Step[] = [];
  const ancestors = new Set<object>();

  const enter = (step: Step, child: unknown): void => {
    steps.push(step);
    visit(child);
    steps.pop();
  };

  const visit = (item: unknown): void => {
    if (item === null || typeof item === "string" || typeof item === "boolean") return;
    if (typeof item === "number" && Number.isFinite(item)) return;
    if (typeof item !== "object") throw new FaultFound(steps, kindOf(item));
    if (ancestors.has(item)) throw new FaultFound(steps, "a cycle (it contains itself)");
    const isArray = Array.isArray(item) && Object.getPrototypeOf(item) === Array.prototype;
    if (!isArray && !isPlainObject(item)) throw new FaultFound(steps, kindOf(item));
    if (Object.getOwnPropertySymbols(item).length > 0) {
      throw new FaultFound(steps, "an object with a symbol as key");
    }
    ancestors.add(item);
    if (isArray) visitArray(item);
    else visitObject(item);
    ancestors.delete(item);
  };

  const visitArray = (items: readonly unknown[]): void => {
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (item === undefined && !(index in items)) throw new FaultFound([...steps, index], "a hole in a sparse array");
      enter(index, item);
    }
    const named = Object.keys(items)[items.length];
    if (named !== undefined) throw new FaultFound([...steps, named], "a named property of an array");
  };

  const visitObject = (object: object): void => {
    for (const [key, child] of Object.entries(object)) {
      if (child !== undefined) enter(key, child);
    }
  };

  return firstFault(() => visit(value));
}
