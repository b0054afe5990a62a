import type { ErrorRow } from "./define.ts";

export const hostErrors = {} satisfies Record<string, ErrorRow<never>>;
