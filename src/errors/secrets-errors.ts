import type { ErrorRow } from "./define.ts";

export const secretsErrors = {} satisfies Record<string, ErrorRow<never>>;
