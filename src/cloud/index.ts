export type * from "./agent-api.ts";
export type * from "./api.ts";
export { claimFlowRun, isStillSubmitted, submitted } from "./claim.ts";
export { deliverFile, type FileDelivery } from "./kept/deliver-file.ts";
export { connectAgent, openApi, openRunsApi } from "./open-api.ts";
export type * from "./prefect3/deployments/deployments.ts";
export { type CloudRun, type CloudRunOptions, type Delivery, openCloudRun } from "./run/open-cloud-run.ts";
export type * from "./runs-api.ts";
export { andDownstream, runsToRedo } from "./runs-to-redo.ts";
