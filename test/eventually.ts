import { vi } from "vitest";

/** Resolves once these assertions hold; they are tried again for as long as a busy machine may need. */
export const eventually = (assertions: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(assertions, { timeout: 60_000, interval: 20 });
