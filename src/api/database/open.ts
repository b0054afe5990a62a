import type { DatabaseSync } from "node:sqlite";
import { FlowRunnerError } from "../../errors/index.ts";
import { Database } from "./database.ts";
import { applicationId, migrations } from "./migrations.ts";

/** Where nothing is kept after the API has ended. */
export const inMemory = ":memory:";

const busyTimeout = 5_000;
/** SQLite result codes: https://www.sqlite.org/rescode.html */
const sqliteCode = { busy: 5, notADatabase: 26 } as const;

/**
 * Opens the data file, makes it when it is not there, and brings an older one up to date.
 *
 * A commit is in the operating system's hands when it returns (WAL, `synchronous=NORMAL`): it survives the end of
 * this process in any way; a power cut may cost the last moments, never the file.
 *
 * @throws FlowRunnerError API_DATA_UNREADABLE, API_DATA_FOREIGN, API_DATA_NEWER, API_DATA_BUSY
 */
export function openDatabase(path: string): Database {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  let sqlite: DatabaseSync | undefined;
  try {
    if (path !== inMemory) makeForOwnerOnly(path);
    sqlite = new DatabaseSync(path, { timeout: busyTimeout });
    prepareFile(sqlite, path);
    return new Database(sqlite);
  } catch (error) {
    sqlite?.close();
    throw error instanceof FlowRunnerError ? error : explain(error, path);
  }
}

/** The file holds parameters, logs and results; SQLite gives its side files the same mode. */
function makeForOwnerOnly(path: string): void {
  const fs = process.getBuiltinModule("node:fs");
  fs.closeSync(fs.openSync(path, "a", 0o600));
}

function prepareFile(sqlite: DatabaseSync, path: string): void {
  const found = version(sqlite);
  const isNew = found === 0 && sqlite.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  if (!isNew && pragma(sqlite, "application_id") !== applicationId) {
    throw new FlowRunnerError("API_DATA_FOREIGN", { path });
  }
  if (found > migrations.length) {
    throw new FlowRunnerError("API_DATA_NEWER", { path, found, known: migrations.length });
  }
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
  sqlite.exec("PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;");
  migrate(sqlite);
}

function migrate(sqlite: DatabaseSync): void {
  if (version(sqlite) === migrations.length) return;
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    // Read again under the lock: another process may have been opening the same new file.
    for (const step of migrations.slice(version(sqlite))) sqlite.exec(step);
    sqlite.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (error) {
    if (sqlite.isTransaction) sqlite.exec("ROLLBACK");
    throw error;
  }
}

const version = (sqlite: DatabaseSync): number => pragma(sqlite, "user_version");

function pragma(sqlite: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(sqlite.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function explain(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = "errcode" in error ? Number(error.errcode) & 0xff : null;
  if (code === sqliteCode.notADatabase) return new FlowRunnerError("API_DATA_FOREIGN", { path }, { cause: error });
  if (code === sqliteCode.busy) return new FlowRunnerError("API_DATA_BUSY", { path }, { cause: error });
  return new FlowRunnerError("API_DATA_UNREADABLE", { path, reason: error.message }, { cause: error });
}
