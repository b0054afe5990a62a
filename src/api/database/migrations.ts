/** Marks a SQLite file as ours ("FlwR"); kept in its header by `PRAGMA application_id`. */
export const applicationId = 0x466c7752;

/**
 * Entry N brings a file of data version N to N + 1, so a new file runs them all. An entry is never changed once it
 * has been released: files out there were made by it.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE tenant (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, slug TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  );
  CREATE TABLE project (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant ON DELETE CASCADE,
    name TEXT NOT NULL, description TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    UNIQUE (tenant_id, name)
  );
  CREATE TABLE flow_group (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant ON DELETE CASCADE,
    name TEXT NOT NULL, settings TEXT NOT NULL, default_parameters TEXT NOT NULL DEFAULT '{}',
    labels TEXT, run_config TEXT, schedule TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    UNIQUE (tenant_id, name)
  );
  CREATE TABLE flow (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    flow_group_id TEXT NOT NULL REFERENCES flow_group ON DELETE CASCADE,
    version_group_id TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, description TEXT,
    archived INTEGER NOT NULL DEFAULT 0, is_schedule_active INTEGER NOT NULL DEFAULT 0, core_version TEXT,
    storage TEXT, run_config TEXT, environment TEXT, parameters TEXT NOT NULL, schedule TEXT,
    serialized_flow TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  );
  CREATE INDEX flow_project ON flow (project_id, name);
  CREATE INDEX flow_version_group ON flow (version_group_id, version);
  CREATE INDEX flow_flow_group ON flow (flow_group_id);
  CREATE TABLE task (
    id TEXT PRIMARY KEY, flow_id TEXT NOT NULL REFERENCES flow ON DELETE CASCADE,
    name TEXT, slug TEXT NOT NULL, type TEXT, max_retries INTEGER NOT NULL, retry_delay TEXT, trigger TEXT,
    tags TEXT NOT NULL, mapped INTEGER NOT NULL, auto_generated INTEGER NOT NULL, cache_key TEXT,
    serialized_task TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
    UNIQUE (flow_id, slug)
  );
  CREATE TABLE edge (
    id TEXT PRIMARY KEY, flow_id TEXT NOT NULL REFERENCES flow ON DELETE CASCADE,
    upstream_task_id TEXT NOT NULL REFERENCES task ON DELETE CASCADE,
    downstream_task_id TEXT NOT NULL REFERENCES task ON DELETE CASCADE,
    key TEXT, mapped INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  );
  CREATE UNIQUE INDEX edge_ends ON edge (flow_id, upstream_task_id, downstream_task_id, coalesce(key, ''));
  CREATE INDEX edge_upstream ON edge (upstream_task_id);
  CREATE INDEX edge_downstream ON edge (downstream_task_id);
  CREATE TABLE agent (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant ON DELETE CASCADE,
    name TEXT, type TEXT NOT NULL, labels TEXT NOT NULL, core_version TEXT, last_queried TEXT, created TEXT NOT NULL
  );
  CREATE TABLE flow_run (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant ON DELETE CASCADE,
    flow_id TEXT NOT NULL REFERENCES flow ON DELETE CASCADE,
    agent_id TEXT REFERENCES agent ON DELETE SET NULL,
    name TEXT NOT NULL, idempotency_key TEXT, parameters TEXT NOT NULL, context TEXT NOT NULL, labels TEXT NOT NULL,
    run_config TEXT, auto_scheduled INTEGER NOT NULL DEFAULT 0, scheduled_start_time TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 0, state TEXT, state_timestamp TEXT, state_message TEXT, state_start_time TEXT,
    heartbeat TEXT, start_time TEXT, end_time TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    UNIQUE (flow_id, idempotency_key)
  );
  CREATE INDEX flow_run_state_due ON flow_run (state, state_start_time);
  CREATE TABLE flow_run_state (
    id TEXT NOT NULL, flow_run_id TEXT NOT NULL REFERENCES flow_run ON DELETE CASCADE, version INTEGER NOT NULL,
    timestamp TEXT NOT NULL, state TEXT NOT NULL, message TEXT, start_time TEXT, serialized_state TEXT NOT NULL,
    UNIQUE (flow_run_id, version)
  );
  CREATE TABLE task_run (
    id TEXT PRIMARY KEY, flow_run_id TEXT NOT NULL REFERENCES flow_run ON DELETE CASCADE,
    task_id TEXT NOT NULL REFERENCES task ON DELETE CASCADE, map_index INTEGER NOT NULL, name TEXT, cache_key TEXT,
    version INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, state_timestamp TEXT NOT NULL, state_message TEXT,
    state_start_time TEXT, heartbeat TEXT, start_time TEXT, end_time TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
    UNIQUE (flow_run_id, task_id, map_index)
  );
  CREATE INDEX task_run_task ON task_run (task_id);
  CREATE INDEX task_run_cached ON task_run (cache_key, state_timestamp) WHERE state = 'Cached';
  CREATE INDEX task_run_running ON task_run (flow_run_id) WHERE state = 'Running';
  CREATE TABLE task_run_state (
    id TEXT NOT NULL, task_run_id TEXT NOT NULL REFERENCES task_run ON DELETE CASCADE, version INTEGER NOT NULL,
    timestamp TEXT NOT NULL, state TEXT NOT NULL, message TEXT, start_time TEXT, serialized_state TEXT NOT NULL,
    UNIQUE (task_run_id, version)
  );
  CREATE TABLE log (
    id TEXT NOT NULL, flow_run_id TEXT NOT NULL REFERENCES flow_run ON DELETE CASCADE,
    task_run_id TEXT REFERENCES task_run ON DELETE CASCADE,
    timestamp TEXT NOT NULL, name TEXT, level TEXT NOT NULL, message TEXT, info TEXT
  );
  CREATE INDEX log_flow_run ON log (flow_run_id, timestamp);
  CREATE INDEX log_task_run ON log (task_run_id, timestamp) WHERE task_run_id IS NOT NULL;
  CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, updated TEXT NOT NULL);
  CREATE TABLE task_tag_limit (id TEXT PRIMARY KEY, tag TEXT NOT NULL UNIQUE, "limit" INTEGER NOT NULL);
  CREATE TABLE flow_label_limit (id TEXT PRIMARY KEY, label TEXT NOT NULL UNIQUE, "limit" INTEGER NOT NULL);
  `,
  `
  CREATE TABLE task_run_artifact (
    id TEXT PRIMARY KEY, task_run_id TEXT NOT NULL REFERENCES task_run ON DELETE CASCADE,
    kind TEXT NOT NULL, data TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  );
  CREATE INDEX task_run_artifact_task_run ON task_run_artifact (task_run_id);
  CREATE TABLE key_value (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
  );
  `,
  `
  -- Where the last rows of a table are deleted, their rowids are given again: who has followed a table by its rowids
  -- sees here that they say nothing any more.
  CREATE TABLE removal (count INTEGER NOT NULL);
  INSERT INTO removal VALUES (0);
  CREATE TRIGGER flow_run_removal AFTER DELETE ON flow_run BEGIN UPDATE removal SET count = count + 1; END;
  `,
];
