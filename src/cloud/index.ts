export type * from "./agent-api.ts";
export type * from "./api.ts";
export { claimFlowRun, isStillSubmitted, submitted } from "./claim.ts";
export { deliverFile, type FileDelivery } from "./kept/deliver-file.ts";
export { connectAgent, openApi, openRunsApi } from "./open-api.ts";
export { type RestClient, rejectedWith } from "./prefect3/client/rest-client.ts";
export { openRestClient } from "./prefect3/open-rest-client.ts";
export { type CloudRun, type CloudRunOptions, type Delivery, openCloudRun } from "./run/open-cloud-run.ts";
export type * from "./runs-api.ts";
