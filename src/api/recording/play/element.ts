/** A part of a request that has an answer of its own, whatever travels with it. */
export interface Element {
  /** The same for the same element in the recording and in the replay. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  /** What is asked, whatever it is asked of: `set_task_run_states`, `POST /task_runs/filter`. */
  readonly kind: string;
  /** The run that it is about; null: it is a whole request. */
  readonly run: string | null;
  /** What a process has drawn by lot, to know a state that it sets as its own when it reads it; null: nothing. */
  readonly owner: string | null;
}

/** Of a title, or of what goes into one. */
export const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text);
