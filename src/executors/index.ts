export { type ExecutorPlan, type ExecutorSpec, planExecutor } from "./executor.ts";
