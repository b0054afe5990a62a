import type { ObjectStore, StoreLimits } from "../object-store.ts";
import { backOff, isTransient, withTimeout } from "./attempts.ts";

/**
 * The bytes of an object. A connection that breaks or falls silent is opened again where it stopped, so that a hiccup
 * at the last of many gigabytes does not begin them anew; failures in a row are counted, progress forgives them.
 *
 * Whether the parts belong together (the object may be replaced between two of them) is decided by the object's hash.
 */
export async function* resumingRead(
  store: ObjectStore,
  key: string,
  limits: StoreLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let failures = 0;
  while (true) {
    try {
      const body = await withTimeout(limits.timeout, signal, (own) => store.open(key, offset, own));
      const chunks = body[Symbol.asyncIterator]();
      try {
        while (true) {
          const next = await withTimeout(limits.timeout, signal, () => chunks.next());
          if (next.done === true) return;
          const chunk = next.value as Uint8Array;
          offset += chunk.length;
          failures = 0;
          yield chunk;
        }
      } finally {
        body.destroy();
      }
    } catch (error) {
      failures += 1;
      if (signal.aborted || failures >= limits.attempts || !isTransient(store, error)) throw error;
      await backOff(failures, signal);
    }
  }
}
