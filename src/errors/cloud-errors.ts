import type { ErrorRow } from "./define.ts";

export const cloudErrors = {} satisfies Record<string, ErrorRow<never>>;
