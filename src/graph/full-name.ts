/**
 * The name of a task run: the task's, with the index for a child of a mapped task (Prefect: `task_full_name`).
 *
 * @param name - the task's name, or its slug
 * @example fullName("clean", 3) // "clean[3]"
 */
export const fullName = (name: string, mapIndex: number | null): string =>
  mapIndex === null ? name : `${name}[${mapIndex}]`;
