import { type Column, type Entity, flag, int, json, made, many, one, text, time, uuid } from "./entity.ts";

/** The state in force is the row of the history that has the run's version. */
const currentState = (kind: "flow_run" | "task_run"): Column => ({
  kind: "jsonb",
  from: (row) =>
    `(SELECT s.serialized_state FROM ${kind}_state s WHERE s.${kind}_id = ${row}.id AND s.version = ${row}.version)`,
});
/** Postgres's text for an interval. Prefect 1.x dropped the column; clients of 0.7 ask for it. */
const duration: Column = {
  kind: "String",
  from: (row) => {
    const seconds = `round(unixepoch(${row}.end_time, 'subsec') - unixepoch(${row}.start_time, 'subsec'), 3)`;
    return `(SELECT printf('%02d:%02d:%06.3f', s / 3600, s / 60 % 60, s - 60 * CAST(s / 60 AS INTEGER)) FROM (SELECT ${seconds} AS s) WHERE s IS NOT NULL)`;
  },
};
const runColumns = {
  duration,
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

/** What runners, tasks and agents write, and the limits they are held to. */
export const runEntities = {
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
      artifacts: many("task_run_artifact", "task_run_id"),
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
  task_run_artifact: {
    columns: { id: uuid, task_run_id: uuid, kind: text, data: json, ...made },
    relations: { task_run: one("task_run", "task_run_id") },
    byId: true,
  },
  key_value: { columns: { id: uuid, key: text, value: json, ...made }, relations: {}, byId: true },
  task_tag_limit: { columns: { id: uuid, tag: text, limit: int }, relations: {}, byId: false },
  flow_label_limit: { columns: { id: uuid, label: text, limit: int }, relations: {}, byId: false },
} satisfies Record<string, Entity>;
