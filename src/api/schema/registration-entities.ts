import { type Column, type Entity, flag, int, json, made, many, one, text, uuid } from "./entity.ts";

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

/** Prefect 1.x keeps it apart only here: a serialized task has none, unless a client adds it. */
const withDescription: Column = { kind: "String", from: (row) => `${row}.serialized_task ->> '$.description'` };

/** What a deployment writes. */
export const registrationEntities = {
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
      ...{ id: uuid, tenant_id: uuid, project_id: uuid, flow_group_id: uuid, version_group_id: text },
      ...{ name: text, version: int, description: text, archived: flag, is_schedule_active: flag, core_version: text },
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
      ...{
        description: withDescription,
        trigger: text,
        tags: json,
        mapped: flag,
        auto_generated: flag,
        cache_key: text,
        ...made,
      },
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
} satisfies Record<string, Entity>;
