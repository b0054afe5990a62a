import type { Handle, HandleRange, ValueRef } from "../../../engine/index.ts";
import { isStream } from "../../../results/values/file-result.ts";
import type { Scratch } from "./scratch.ts";

/** The values of a run, by handle. What is not in memory may be in the scratch store of an earlier host. */
export class ValueStore {
  readonly #values = new Map<Handle, unknown>();
  readonly #scratch: Scratch | null;
  readonly #secretIn: (value: unknown) => string | null;
  /** Values that are secrets: every host fetches them for itself. */
  readonly #secrets = new Set<Handle>();

  /**
   * @param secretIn - names the secret that a value holds, or null: such a value is never written to the scratch store
   */
  constructor(scratch: Scratch | null, secretIn: (value: unknown) => string | null) {
    this.#scratch = scratch;
    this.#secretIn = secretIn;
  }

  set(handle: Handle, value: unknown): void {
    this.#scratch?.drop(handle);
    this.#values.set(handle, value);
  }

  /** The value of a secret: in memory only. */
  setSecret(handle: Handle, value: unknown): void {
    this.#secrets.add(handle);
    this.set(handle, value);
  }

  has(handle: Handle): boolean {
    if (this.#values.has(handle)) return true;
    const kept = this.#scratch?.load(handle) ?? null;
    if (kept !== null) this.#values.set(handle, kept.value);
    return kept !== null;
  }

  get(handle: Handle): unknown {
    return this.has(handle) ? this.#values.get(handle) : undefined;
  }

  /** The value of a loop's last iteration becomes that of the task's handle. */
  setIteration(handle: Handle, value: unknown): void {
    this.set(handle, value);
    this.set(-handle, value);
  }

  hasIteration(handle: Handle): boolean {
    return this.has(-handle) || this.has(handle);
  }

  /**
   * The value of a loop's last iteration. It is kept apart, under the negative handle: an attempt that fails puts its
   * error into the handle itself, and the next attempt goes on from the iteration.
   */
  iteration(handle: Handle): unknown {
    if (!this.has(-handle)) this.#values.set(-handle, this.get(handle));
    return this.get(-handle);
  }

  /** The handles behind these references that this host does not hold. */
  missing(refs: Iterable<ValueRef>): Handle[] {
    const missing = new Set<Handle>();
    for (const ref of refs) {
      for (const handle of handlesOf(ref)) if (!this.has(handle)) missing.add(handle);
    }
    return [...missing];
  }

  resolve(ref: ValueRef): unknown {
    if ("list" in ref) return [...handlesOf(ref)].map((handle) => this.get(handle));
    const value = this.get(ref.handle);
    this.forgetStream(ref.handle);
    return "index" in ref ? elementOf(value, ref.index) : value;
  }

  /** A stream can be read once: the next who needs it has it read again. */
  forgetStream(handle: Handle): void {
    if (isStream(this.#values.get(handle))) this.#values.delete(handle);
  }

  /** Keeps what these references need in the scratch store; the first reason why a value could not be kept, or null. */
  keep(refs: Iterable<ValueRef>): string | null {
    let problem: string | null = null;
    for (const ref of refs) {
      for (const handle of handlesOf(ref)) {
        if (this.#secrets.has(handle) || isStream(this.#values.get(handle))) continue;
        problem ??= this.#keepOne(handle);
        if (this.#values.has(-handle)) problem ??= this.#keepOne(-handle);
      }
    }
    return problem;
  }

  /**
   * From here on another host says what this value is, in the scratch store: one that this host still had in memory would
   * stand for the new one.
   */
  handOver(handle: Handle): void {
    for (const each of [handle, -handle]) {
      this.#values.delete(each);
      this.#scratch?.handOver(each);
    }
  }

  #keepOne(handle: Handle): string | null {
    if (this.#scratch === null) return null;
    const value = this.get(handle);
    const secret = this.#secretIn(value);
    return secret === null ? this.#scratch.keep(handle, value) : `it holds the secret "${secret}"`;
  }

  release(ranges: readonly HandleRange[]): void {
    for (const [first, count] of ranges) {
      for (let handle = first; handle < first + count; handle += 1) {
        for (const each of [handle, -handle]) {
          this.#values.delete(each);
          this.#scratch?.drop(each);
        }
      }
    }
  }
}

/** What a failed task has left is no list: each child that runs all the same sees the failure. */
const elementOf = (value: unknown, index: number): unknown =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>)[index] : value;

function* handlesOf(ref: ValueRef): Generator<Handle> {
  if (!("list" in ref)) yield ref.handle;
  else for (const [first, count] of ref.list) for (let index = 0; index < count; index += 1) yield first + index;
}
