import type { ErrorRow } from "./define.ts";

export const artifactErrors = {} satisfies Record<string, ErrorRow<never>>;
