import { Refusal } from "../../rules/refusal.ts";
import { jsonColumn, newId, type RequestContext, type Resolver, timeOf, whole } from "../context.ts";

interface LogInput {
  readonly flow_run_id: string;
  readonly task_run_id?: string | null;
  readonly timestamp?: string | null;
  readonly name?: string | null;
  readonly level?: string | null;
  readonly message?: string | null;
  readonly info?: unknown;
}

/** All entries are written, or none: Prefect 1.x inserts them in one statement. */
export const logMutations: Readonly<Record<string, Resolver>> = {
  write_run_logs: whole(({ logs }: { readonly logs: readonly LogInput[] }, context) => {
    checkRuns(context, "flow_run", new Set(logs.map((log) => log.flow_run_id)));
    checkRuns(context, "task_run", new Set(logs.flatMap((log) => log.task_run_id ?? [])));
    for (const log of logs) insertLog(context, log);
    return { success: true };
  }),
};

export function insertLog(context: RequestContext, log: LogInput): void {
  context.database.run(
    `INSERT INTO log (id, flow_run_id, task_run_id, timestamp, name, level, message, info)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[newId(), log.flow_run_id, log.task_run_id ?? null, log.timestamp ?? timeOf(context), log.name ?? null],
    ...[log.level ?? "INFO", log.message ?? null, jsonColumn(log.info)],
  );
}

function checkRuns({ database }: RequestContext, kind: "flow_run" | "task_run", ids: ReadonlySet<string>): void {
  for (const id of ids) {
    if (database.first(`SELECT 1 FROM ${kind} WHERE id = ?`, id) === undefined) {
      throw new Refusal("Foreign key violation.");
    }
  }
}
