export type * from "./api.ts";
export { claimFlowRun } from "./claim.ts";
export { openApi } from "./open-api.ts";
export { type CloudRun, type CloudRunOptions, type Delivery, openCloudRun } from "./run/open-cloud-run.ts";
