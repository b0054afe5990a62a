import type { HostProcess } from "../process/host-process.ts";
import { findThreadHolder, inspectorTime } from "./thread-holder.ts";

/** Milliseconds a host has to answer a ping before it is ended. */
export const pingGrace = 1_000;
/** Milliseconds between a deadline and the first doubt: a host that is well tells of it itself. */
const slack = 50;

interface Watched {
  readonly timeout: number;
  begunAt: number | null;
  timer: NodeJS.Timeout | null;
}

/**
 * Keeps the deadlines of the bodies in one host on any code. A host that is well reports an overdue body by itself; one
 * that does not even answer a ping is held by the flow's code, and is ended.
 */
export class Deadlines {
  readonly #host: HostProcess;
  readonly #watched = new Map<number, Watched>();

  constructor(host: HostProcess) {
    this.#host = host;
  }

  /** Expects the `begun` of a body with this timeout (milliseconds). */
  expect(id: number, timeout: number | null): void {
    if (timeout !== null) this.#watched.set(id, { timeout, begunAt: null, timer: null });
  }

  begun(id: number): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    watched.begunAt = Date.now();
    watched.timer = setTimeout(() => void this.#doubt(id), watched.timeout + slack);
  }

  concluded(id: number): void {
    const timer = this.#watched.get(id)?.timer ?? null;
    if (timer !== null) clearTimeout(timer);
    this.#watched.delete(id);
  }

  status(id: number): { readonly begunAt: number | null; readonly overdue: boolean } {
    const { begunAt = null, timeout = 0 } = this.#watched.get(id) ?? {};
    return { begunAt, overdue: begunAt !== null && Date.now() - begunAt >= timeout };
  }

  async #doubt(id: number): Promise<void> {
    if (!(await this.#host.isResponsive(pingGrace))) {
      const holder = await findThreadHolder(this.#host, inspectorTime);
      // It may have told of the body at last: then another one holds the thread now, and may.
      if (this.#watched.has(id)) this.#host.kill("deadline", holder);
      return;
    }
    const watched = this.#watched.get(id);
    // It answers, and is still busy with something before the answer: look again.
    if (watched !== undefined) watched.timer = setTimeout(() => void this.#doubt(id), pingGrace);
  }
}
