import type { ErrorRow } from "./define.ts";

export const engineErrors = {} satisfies Record<string, ErrorRow<never>>;
