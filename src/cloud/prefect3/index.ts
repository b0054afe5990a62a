export { rejectedWith } from "./client/rest-client.ts";
export { artifactLabels, type DeployedArtifact } from "./deployments/artifact-labels.ts";
export { openDeployments } from "./deployments/open-deployments.ts";
export { refusedValues } from "./deployments/refused-values.ts";
export { openRestClient } from "./open-rest-client.ts";
