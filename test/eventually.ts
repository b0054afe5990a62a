import { vi } from "vitest";

/** Milliseconds that a busy machine may need: what ends a wait for something that never comes. */
export const patience = 120_000;

/**
 * Resolves once these assertions hold; they are tried again for as long as a busy machine may need. Ten times a second:
 * many ask a server over HTTP, which has to have time for what it is asked about.
 */
export const eventually = (assertions: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(assertions, { timeout: patience, interval: 100 });
