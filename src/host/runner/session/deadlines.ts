import type { HostProcess } from "../process/host-process.ts";
import { findThreadHolder } from "./thread-holder.ts";

/** Milliseconds a host has to answer a ping before it is ended. */
export const pingGrace = 1_000;
/** Milliseconds after a deadline in which a host that is well has told of it itself. */
const slack = 50;
/** Milliseconds after a deadline by which a host that is held is ended, the grace within. */
const latestEnd = pingGrace + 900;
/** Milliseconds to look for whose code holds the thread that are given at least. */
const shortestLook = 500;

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
  /** Of all that are overdue at once, since the answer is the same for all of them. */
  #holder: ReturnType<typeof findThreadHolder> | null = null;

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
    // Asked ahead of the deadline, so that the grace has passed when it comes.
    this.#look(id, watched, Math.max(0, watched.timeout - pingGrace));
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

  #look(id: number, watched: Watched, after: number): void {
    watched.timer = setTimeout(() => void this.#doubt(id), after);
  }

  async #doubt(id: number): Promise<void> {
    const asked = this.#pastDeadline(id);
    if (asked === null) return;
    const answers = await this.#host.isResponsive(Math.max(pingGrace, slack - asked));
    const past = this.#pastDeadline(id);
    const watched = this.#watched.get(id);
    if (past === null || watched === undefined) return;
    if (!answers) return this.#endHeld(id, past);
    // It answers, and has time left, or is still busy with something before its report: look again.
    this.#look(id, watched, past < slack ? slack - past : pingGrace);
  }

  async #endHeld(id: number, past: number): Promise<void> {
    this.#holder ??= findThreadHolder(this.#host, Math.max(shortestLook, latestEnd - past));
    const holder = await this.#holder;
    this.#holder = null;
    // It may have told of the body at last: then another one holds the thread now, and may.
    if (this.#watched.has(id)) this.#host.kill("deadline", holder);
  }

  /** Milliseconds since the deadline of a body, negative before it; null: it is not under way any more. */
  #pastDeadline(id: number): number | null {
    const { begunAt = null, timeout = 0 } = this.#watched.get(id) ?? {};
    return begunAt === null ? null : Date.now() - begunAt - timeout;
  }
}
