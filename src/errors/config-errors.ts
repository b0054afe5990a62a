import type { ErrorRow } from "./define.ts";

export const configErrors = {} satisfies Record<string, ErrorRow<never>>;
