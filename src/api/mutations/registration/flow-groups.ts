import { newId, type RequestContext, timeOf } from "../context.ts";

/** All versions of one flow; its name is what clients call the version group id. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const defaultSettings = {
  heartbeat_enabled: true,
  lazarus_enabled: true,
  version_locking_enabled: false,
  idempotency_key: null,
};

/** The group that was asked for, or that of the newest flow with this name in this project, or a new one. */
export function groupOf(
  context: RequestContext,
  flowName: string,
  projectId: string,
  versionGroupId: string | null,
): Group {
  const { database, tenantId } = context;
  const known = database.first(
    "SELECT version_group_id AS name FROM flow WHERE project_id = ? AND name = ? ORDER BY rowid DESC LIMIT 1",
    ...[projectId, flowName],
  );
  const name = versionGroupId ?? (known === undefined ? newId() : String(known.name));
  const found = database.first(
    "SELECT id, settings FROM flow_group WHERE tenant_id = ? AND name = ?",
    ...[tenantId, name],
  );
  if (found !== undefined) return { id: String(found.id), name, settings: JSON.parse(String(found.settings)) };
  const [id, now] = [newId(), timeOf(context)];
  database.run(
    "INSERT INTO flow_group (id, tenant_id, name, settings, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
    ...[id, tenantId, name, JSON.stringify(defaultSettings), now, now],
  );
  return { id, name, settings: defaultSettings };
}
