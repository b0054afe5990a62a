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
  | "task_run_artifact"
  | "key_value"
  | "task_tag_limit"
  | "flow_label_limit";

export const uuid: Column = { kind: "uuid" };
export const text: Column = { kind: "String" };
export const int: Column = { kind: "Int" };
export const flag: Column = { kind: "Boolean" };
export const time: Column = { kind: "timestamptz" };
export const json: Column = { kind: "jsonb" };
export const made = { created: time, updated: time };

export const one = (to: EntityName, local: string): Relation => ({ to, many: false, local, foreign: "id" });
export const many = (to: EntityName, foreign: string): Relation => ({ to, many: true, local: "id", foreign });
