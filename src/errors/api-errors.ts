import type { ErrorRow } from "./define.ts";

export const apiErrors = {} satisfies Record<string, ErrorRow<never>>;
