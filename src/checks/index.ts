export { checkEnvironment } from "./environment-check.ts";
export type { Finding } from "./finding.ts";
export { checkResults } from "./result-check.ts";
export { checkSystem } from "./system-check.ts";
