export { MemoryResults } from "./core/values/memory-results.ts";
export { type InProcessOptions, inProcessHost } from "./in-process.ts";
export type { RunDetails } from "./run-details.ts";
export { ChildHost, type ChildHostOptions } from "./runner/child-host.ts";
export { killsAll } from "./runner/end/memory-evidence.ts";
export { isWithheld } from "./runner/process/host-environment.ts";
export { hostUser } from "./runner/process/host-user.ts";
export type { SpawnedHost } from "./runner/process/spawn-host.ts";
export type { Described } from "./runner/session/description.ts";
