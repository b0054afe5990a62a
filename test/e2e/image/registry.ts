import { randomUUID } from "node:crypto";

/** The registry that `scripts/ci-setup` starts, and that the engine asks before the public one. */
export const registry = "127.0.0.1:5055";

/**
 * A place of a test's own in that registry, as a team has one in its company's. The layers of the base are there already;
 * a registry of the test's own would be sent all of them, and the engine compresses them anew for each.
 */
export const ownNamespace = (): string => `${registry}/team-${randomUUID().slice(0, 8)}`;
