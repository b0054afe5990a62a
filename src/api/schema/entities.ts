/** How a column is stored, filtered and answered; the names are Hasura's and GraphQL's. */
export type ColumnKind = "uuid" | "String" | "Int" | "Boolean" | "timestamptz" | "jsonb";

export interface Column {
  readonly kind: ColumnKind;
  /** SQL for a column that the table does not hold itself; `row` is the table's alias. */
  readonly from?: (row: string) => string;
}

export interface Relation {
  readonly to: EntityName;
  readonly many: boolean;
  /** The rows belong together where this row's `local` is the other's `foreign`. */
  readonly local: string;
  readonly foreign: string;
}

/** What can be asked for at the root of a query: a table, with its relations to others. */
export interface Entity {
  readonly columns: Readonly<Record<string, Column>>;
  readonly relations: Readonly<Record<string, Relation>>;
  /** There is a `<name>_by_pk(id)`. */
  readonly byId: boolean;
}

const uuid: Column = { kind: "uuid" };
const text: Column = { kind: "String" };
const int: Column = { kind: "Int" };
const flag: Column = { kind: "Boolean" };
const time: Column = { kind: "timestamptz" };
const json: Column = { kind: "jsonb" };
const made = { created: time, updated: time };

const one = (to: EntityName, local: string): Relation => ({ to, many: false, local, foreign: "id" });
const many = (to: EntityName, foreign: string): Relation => ({ to, many: true, local: "id", foreign });

/** The state in force is the row of the history that has the run's version. */
const currentState = (kind: "flow_run" | "task_run"): Column => ({
  kind: "jsonb",
  from: (row) =>
    `(SELECT s.serialized_state FROM ${kind}_state s WHERE s.${kind}_id = ${row}.id AND s.version = ${row}.version)`,
});
const runColumns = {
  version: int,
  state: text,
  state_timestamp: time,
  state_message: text,
  state_start_time: time,
  heartbeat: time,
  start_time: time,
  end_time: time,
};
const stateColumns = {
  id: uuid,
  version: int,
  timestamp: time,
  state: text,
  message: text,
  start_time: time,
  serialized_state: json,
};

/** Prefect 1.x: tasks are registered after their flow, and its serialized form then shows them. */
const withTasks: Column = {
  kind: "jsonb",
  from: (row) =>
    `json_set(${row}.serialized_flow, '$.tasks', json((SELECT json_group_array(json(k.serialized_task)) FROM (SELECT serialized_task FROM task WHERE flow_id = ${row}.id ORDER BY rowid) k)))`,
};
const groupSettings: Column = {
  kind: "jsonb",
  from: (row) => `(SELECT g.settings FROM flow_group g WHERE g.id = ${row}.flow_group_id)`,
};

export type EntityName =
  | "tenant"
  | "project"
  | "flow_group"
  | "flow"
  | "task"
  | "edge"
  | "agent"
  | "flow_run"
  | "flow_run_state"
  | "task_run"
  | "task_run_state"
  | "log"
  | "task_tag_limit"
  | "flow_label_limit";

/** The tables that Prefect 1.x's Hasura shows, in its names (PrefectHQ/server, database/models.py). */
export const entities: Readonly<Record<EntityName, Entity>> = {
  tenant: {
    columns: { id: uuid, name: text, slug: text, ...made },
    relations: { projects: many("project", "tenant_id") },
    byId: true,
  },
  project: {
    columns: { id: uuid, tenant_id: uuid, name: text, description: text, ...made },
    relations: { tenant: one("tenant", "tenant_id"), flows: many("flow", "project_id") },
    byId: true,
  },
  flow_group: {
    columns: {
      ...{ id: uuid, tenant_id: uuid, name: text, settings: json, default_parameters: json, labels: json },
      ...{ run_config: json, schedule: json, ...made },
    },
    relations: { flows: many("flow", "flow_group_id") },
    byId: true,
  },
  flow: {
    columns: {
      ...{ id: uuid, tenant_id: uuid, project_id: uuid, flow_group_id: uuid, version_group_id: text, version: int },
      ...{ name: text, description: text, archived: flag, is_schedule_active: flag, core_version: text },
      ...{ storage: json, run_config: json, environment: json, parameters: json, schedule: json },
      ...{ serialized_flow: withTasks, settings: groupSettings, ...made },
    },
    relations: {
      tenant: one("tenant", "tenant_id"),
      project: one("project", "project_id"),
      flow_group: one("flow_group", "flow_group_id"),
      tasks: many("task", "flow_id"),
      edges: many("edge", "flow_id"),
      flow_runs: many("flow_run", "flow_id"),
    },
    byId: true,
  },
  task: {
    columns: {
      ...{ id: uuid, flow_id: uuid, name: text, slug: text, type: text, max_retries: int, retry_delay: text },
      ...{ trigger: text, tags: json, mapped: flag, auto_generated: flag, cache_key: text, ...made },
    },
    relations: { flow: one("flow", "flow_id"), task_runs: many("task_run", "task_id") },
    byId: true,
  },
  edge: {
    columns: {
      ...{ id: uuid, flow_id: uuid, upstream_task_id: uuid, downstream_task_id: uuid, key: text, mapped: flag },
      ...made,
    },
    relations: {
      flow: one("flow", "flow_id"),
      upstream_task: one("task", "upstream_task_id"),
      downstream_task: one("task", "downstream_task_id"),
    },
    byId: true,
  },
  agent: {
    columns: {
      ...{ id: uuid, tenant_id: uuid, name: text, type: text, labels: json, core_version: text, last_queried: time },
      created: time,
    },
    relations: {},
    byId: true,
  },
  flow_run: {
    columns: {
      ...{ id: uuid, tenant_id: uuid, flow_id: uuid, agent_id: uuid, name: text, idempotency_key: text },
      ...{ parameters: json, context: json, labels: json, run_config: json, auto_scheduled: flag },
      ...{ scheduled_start_time: time, ...runColumns, serialized_state: currentState("flow_run"), ...made },
    },
    relations: {
      tenant: one("tenant", "tenant_id"),
      flow: one("flow", "flow_id"),
      agent: one("agent", "agent_id"),
      states: many("flow_run_state", "flow_run_id"),
      task_runs: many("task_run", "flow_run_id"),
      logs: many("log", "flow_run_id"),
    },
    byId: true,
  },
  flow_run_state: {
    columns: { ...stateColumns, flow_run_id: uuid },
    relations: { flow_run: one("flow_run", "flow_run_id") },
    byId: false,
  },
  task_run: {
    columns: {
      ...{ id: uuid, flow_run_id: uuid, task_id: uuid, map_index: int, name: text, cache_key: text },
      ...{ ...runColumns, serialized_state: currentState("task_run"), ...made },
    },
    relations: {
      flow_run: one("flow_run", "flow_run_id"),
      task: one("task", "task_id"),
      states: many("task_run_state", "task_run_id"),
      logs: many("log", "task_run_id"),
    },
    byId: true,
  },
  task_run_state: {
    columns: { ...stateColumns, task_run_id: uuid },
    relations: { task_run: one("task_run", "task_run_id") },
    byId: false,
  },
  log: {
    columns: {
      ...{ id: uuid, flow_run_id: uuid, task_run_id: uuid, timestamp: time, name: text, level: text, message: text },
      info: json,
    },
    relations: { flow_run: one("flow_run", "flow_run_id"), task_run: one("task_run", "task_run_id") },
    byId: false,
  },
  task_tag_limit: { columns: { id: uuid, tag: text, limit: int }, relations: {}, byId: false },
  flow_label_limit: { columns: { id: uuid, label: text, limit: int }, relations: {}, byId: false },
};

export const entityNames = Object.keys(entities) as EntityName[];
