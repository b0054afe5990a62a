import type { ErrorRow } from "./define.ts";

export const environmentErrors = {} satisfies Record<string, ErrorRow<never>>;
