import { hash } from "node:crypto";

/**
 * The id of a task run that the API has not recorded yet: the same for the same task of the same flow run, so that a
 * process that goes on needs no list of them.
 *
 * @returns a UUID of version 8, of one's own making
 */
export function taskRunId(flowRunId: string, slug: string, mapIndex: number | null): string {
  const hex = hash("sha256", `${flowRunId} ${slug} ${mapIndex ?? 0}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
