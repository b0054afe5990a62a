import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { BoundedCache } from "./bounded-cache.ts";

export type Value = SQLInputValue;
export type Row = Record<string, SQLOutputValue>;

const preparedLimit = 300;

/**
 * A SQLite file with its prepared statements and transactions. All calls are synchronous: SQLite answers in
 * microseconds, and a request that is worked through without a pause needs no locks of its own.
 */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #prepared = new BoundedCache<string, StatementSync>({ entries: preparedLimit });
  readonly #onCommit = new Set<() => void>();
  /** How many savepoints are open; it names the next one. */
  #depth = 0;

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  first(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  /** @returns How many rows were changed. */
  run(sql: string, ...values: Value[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /**
   * Runs `work` as one transaction: all of it is in the file when this returns, or none of it when it throws.
   * It takes the write lock at once, for a lock that is taken halfway cannot be waited for.
   */
  transaction<Result>(work: () => Result): Result {
    const result = this.#within("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", work);
    for (const told of this.#onCommit) told();
    return result;
  }

  /**
   * Has `told` called after each transaction of this connection, with or without changes.
   *
   * @returns Ends it.
   */
  onCommit(told: () => void): () => void {
    this.#onCommit.add(told);
    return () => void this.#onCommit.delete(told);
  }

  /** Another number than before: another connection, of another process maybe, has changed the file. */
  foreignVersion(): number {
    return Number(this.first("PRAGMA data_version")?.data_version);
  }

  /** Runs `work` within the open transaction; what it wrote is undone when it throws, what came before stays. */
  step<Result>(work: () => Result): Result {
    // SQLite ends a transaction by itself on some failures; what came after would be committed on its own.
    if (!this.#sqlite.isTransaction) throw new Error("the transaction is over");
    this.#depth += 1;
    const name = `step_${this.#depth}`;
    try {
      return this.#within(`SAVEPOINT ${name}`, `RELEASE ${name}`, `ROLLBACK TO ${name}; RELEASE ${name}`, work);
    } finally {
      this.#depth -= 1;
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#sqlite.close();
  }

  #within<Result>(begin: string, end: string, undo: string, work: () => Result): Result {
    this.#sqlite.exec(begin);
    try {
      const result = work();
      this.#sqlite.exec(end);
      return result;
    } catch (error) {
      // SQLite itself rolls back on some failures (a full disk); a second ROLLBACK would hide the first error.
      if (this.#sqlite.isTransaction) this.#sqlite.exec(undo);
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    return this.#prepared.get(sql) ?? this.#prepared.set(sql, this.#sqlite.prepare(sql));
  }
}
