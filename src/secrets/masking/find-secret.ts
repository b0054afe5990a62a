import type { Step } from "../../results/values/trail.ts";

/** Names the secret that a text, or bytes, hold; null: none. */
export interface SecretTest {
  text(text: string): string | null;
  bytes(bytes: Buffer): string | null;
}

class Found extends Error {
  readonly steps: readonly Step[];
  readonly secret: string;
  constructor(steps: readonly Step[], secret: string) {
    super("found");
    this.steps = [...steps];
    this.secret = secret;
  }
}

/** Looks for a secret in a value: in every text, key, error message and byte array, through Map, Set and cycles. */
export function findSecretIn(value: unknown, test: SecretTest): { steps: readonly Step[]; secret: string } | null {
  const steps: Step[] = [];
  const seen = new Set<object>();

  const enter = (step: Step, child: unknown): void => {
    steps.push(step);
    visit(child);
    steps.pop();
  };

  const lookAt = (text: string): void => {
    const secret = test.text(text);
    if (secret !== null) throw new Found(steps, secret);
  };

  const visit = (item: unknown): void => {
    if (typeof item === "string") lookAt(item);
    else if (typeof item === "number" || typeof item === "bigint") lookAt(String(item));
    else if (typeof item === "object" && item !== null && !seen.has(item)) {
      seen.add(item);
      visitObject(item);
    }
  };

  const visitObject = (item: object): void => {
    if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) visitBytes(item);
    else if (item instanceof Map) visitMap(item);
    else if (item instanceof Set) visitArray([...item]);
    else if (Array.isArray(item)) visitArray(item);
    else if (item instanceof RegExp) lookAt(item.source);
    else {
      if (item instanceof Error) visitError(item);
      visitEntries(item);
    }
  };

  const visitEntries = (item: object): void => {
    for (const [key, child] of Object.entries(item)) {
      lookAt(key);
      enter(key, child);
    }
  };

  const visitArray = (items: readonly unknown[]): void => {
    for (let index = 0; index < items.length; index += 1) enter(index, items[index]);
  };

  const visitMap = (map: ReadonlyMap<unknown, unknown>): void => {
    let index = 0;
    for (const [key, child] of map) {
      enter({ mapKey: index }, key);
      enter(typeof key === "string" ? key : { mapValue: index }, child);
      index += 1;
    }
  };

  const visitError = (error: Error): void => {
    enter("message", error.message);
    if (typeof error.stack === "string") enter("stack", error.stack);
    if (error.cause !== undefined) enter("cause", error.cause);
  };

  const visitBytes = (view: ArrayBufferView | ArrayBuffer): void => {
    const bytes = ArrayBuffer.isView(view)
      ? Buffer.from(view.buffer, view.byteOffset, view.byteLength)
      : Buffer.from(view);
    const secret = test.bytes(bytes);
    if (secret !== null) throw new Found(steps, secret);
  };

  try {
    visit(value);
    return null;
  } catch (error) {
    if (error instanceof Found) return { steps: error.steps, secret: error.secret };
    throw error;
  }
}
