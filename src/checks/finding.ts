/** What one check has to say. */
export interface Finding {
  readonly check: "system" | "load" | "results" | "secrets" | "environment" | "gotchas";
  /** `ok` says what was looked at; `warning` would not stop a run; `error` would. */
  readonly level: "ok" | "warning" | "error";
  /** The flow it is about; null: the file as a whole. */
  readonly flow: string | null;
  /** Says what is wrong, with which task, and what to do. */
  readonly message: string;
  /** The name by which warnings of its kind are ignored. */
  readonly gotcha?: string;
}
