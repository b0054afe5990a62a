import type { ErrorRow } from "./define.ts";

export const resultsErrors = {} satisfies Record<string, ErrorRow<never>>;
