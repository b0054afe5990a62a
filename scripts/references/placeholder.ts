/**
 * Stands for any detail of an error's message and reads as `‹name›`, so that a message can be shown without an error: whatever
 * the message does with the detail (joins, maps, takes a property of it), a placeholder comes out.
 */
export function placeholder(name: string): unknown {
  const text = (): string => `‹${name}›`;
  return new Proxy(() => {}, {
    apply: () => placeholder(name),
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === "toString" || key === "toJSON" || key === "join") return text;
      if (key === Symbol.iterator) return () => [placeholder(name)].values();
      return key === "length" ? 1 : placeholder(name);
    },
  });
}

/** Whatever details an error has. */
export const anyDetails = (): unknown =>
  new Proxy({}, { get: (_, key) => (typeof key === "string" ? placeholder(key) : undefined) });
