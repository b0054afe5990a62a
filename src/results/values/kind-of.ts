import { types } from "node:util";

/** Names a value's kind with its article, for a message: `a Date`, `an instance of Reading`, `NaN`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : String(value);
  if (typeof value === "bigint") return "a BigInt";
  if (typeof value === "function") return value.name === "" ? "a function" : `a function (${value.name})`;
  if (typeof value !== "object") return `a ${typeof value}`;
  if (types.isProxy(value)) return "a Proxy";
  if (types.isModuleNamespaceObject(value)) return "a module";
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype) return "an array";
  const name = constructorName(value);
  if (name === null) return "an object";
  if (name in globalThis || name === "Buffer") return /^[AEIOU](?!RL)/.test(name) ? `an ${name}` : `a ${name}`;
  return `an instance of ${name}`;
}

function constructorName(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return null;
  const make: unknown = (prototype as { constructor?: unknown }).constructor;
  return typeof make === "function" && make.name !== "" ? make.name : "an unnamed class";
}

/** An object made by `{}` or with no prototype. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
