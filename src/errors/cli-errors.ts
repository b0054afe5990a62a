import type { ErrorRow } from "./define.ts";

export const cliErrors = {} satisfies Record<string, ErrorRow<never>>;
