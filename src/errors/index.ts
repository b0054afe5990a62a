export { ExitCode } from "./define.ts";
export { FlowRunnerError } from "./flow-runner-error.ts";
export { type ErrorCode, type ErrorDetails, errorTable } from "./table.ts";
