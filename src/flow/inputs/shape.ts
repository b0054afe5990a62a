import { edgeKey } from "./edge-key.ts";
import { isReference, type Reference } from "./reference.ts";
import { isTask } from "./task-brand.ts";
import { isUnmapped } from "./unmapped.ts";

/** The form of an input: what is literal, where references sit, how objects and arrays hold them. */
export type Shape =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "reference"; readonly key: string }
  | { readonly kind: "array"; readonly items: readonly Shape[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [name: string, shape: Shape])[] };

/** A reference inside an input, and the key of the edge it becomes. */
export interface FoundReference {
  readonly key: string;
  readonly reference: Reference<unknown>;
}

type Path = readonly (string | number)[];

/** Says where a reference or a marker stands that cannot be followed; `problem` is a sentence without a subject. */
export type RefuseShape = (problem: string) => never;

/**
 * Takes an input apart: plain objects and arrays are followed, everything else is literal. What holds no reference
 * stays the very value that was given.
 */
export function captureShape(
  value: unknown,
  path: Path,
  refuse: RefuseShape,
): { shape: Shape; found: FoundReference[] } {
  const found: FoundReference[] = [];
  const ancestors = new Set<object>();
  let cycle: string | null = null;

  const visit = (current: unknown, at: Path): Shape => {
    if (isReference(current)) {
      const key = edgeKey(at);
      found.push({ key, reference: current });
      return { kind: "reference", key };
    }
    if (isTask(current)) {
      return refuse(`${edgeKey(at)} is the task "${current.name}" itself, not a result: call it.`);
    }
    if (isUnmapped(current))
      return refuse(`${edgeKey(at)} is unmapped(), which is for the inputs of map() themselves.`);
    if (current instanceof Map || current instanceof Set) {
      if ([...current].flat().some(isReference)) {
        return refuse(
          `${edgeKey(at)} is a ${current.constructor.name} that holds a task's result; use an object or an array.`,
        );
      }
      return { kind: "literal", value: current };
    }
    if (!isFollowed(current)) return { kind: "literal", value: current };
    if (ancestors.has(current)) {
      cycle ??= edgeKey(at);
      return { kind: "literal", value: current };
    }
    ancestors.add(current);
    const before = found.length;
    const shape = Array.isArray(current)
      ? ({ kind: "array", items: current.map((item, index) => visit(item, [...at, index])) } as const)
      : ({
          kind: "object",
          entries: Object.entries(current).map(([name, item]) => [name, visit(item, [...at, name])] as const),
        } as const);
    ancestors.delete(current);
    return found.length === before ? { kind: "literal", value: current } : shape;
  };

  const shape = visit(value, path);
  // A cyclic literal is the author's own affair; with references in it there is no shape to re-create.
  if (cycle !== null && found.length > 0)
    return refuse(`${cycle} leads back into itself, and it holds a task's result.`);
  return { shape, found };
}

/** Puts the values of the edges where the references were; order and names are those that the author wrote. */
export function fillShape(shape: Shape, value: (edgeKey: string) => unknown): unknown {
  switch (shape.kind) {
    case "literal":
      return shape.value;
    case "reference":
      return value(shape.key);
    case "array":
      return shape.items.map((item) => fillShape(item, value));
    case "object":
      return Object.fromEntries(shape.entries.map(([name, item]) => [name, fillShape(item, value)]));
  }
}

function isFollowed(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
