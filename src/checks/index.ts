export { checkEnvironment } from "./environment-check.ts";
export type { Finding } from "./finding.ts";
export { gotchas } from "./gotchas/table.ts";
export { checkGotchas } from "./gotchas-check.ts";
export { checkResults } from "./result-check.ts";
export { checkSecrets } from "./secret-check.ts";
export { checkSystem } from "./system-check.ts";
