import type { ParameterSpec } from "../../graph/index.ts";

export interface Project {
  readonly id: string;
  readonly name: string;
}

/** A flow as it is registered. */
export interface FlowRegistration {
  readonly projectId: string;
  /** Prefect's serialized flow, with `tasks` and `edges`. */
  readonly serializedFlow: Readonly<Record<string, unknown>>;
  /** Flows of one group are versions of each other; default: the API decides by name and project. */
  readonly versionGroupId?: string;
  /** A second registration with the same key changes nothing and gives the first one's flow. */
  readonly idempotencyKey?: string;
  readonly setScheduleActive?: boolean;
}

/** What the API made of it. */
export interface RegisteredFlow {
  readonly id: string;
  readonly name: string;
  readonly version: number | null;
  readonly versionGroupId: string | null;
}

export type FlowQuery = { readonly id: string } | { readonly name: string; readonly project: string | null };

/** A registered flow and its parameters, in whichever language it is. */
export interface RunnableFlow {
  readonly id: string;
  readonly name: string;
  /** Required is one that has no default, neither of the flow's own nor of its flow group's. */
  readonly parameters: readonly Pick<ParameterSpec, "name" | "required" | "schema">[];
}

/** A flow run as it is created. */
export interface FlowRunRequest {
  /** The flow, or the group whose newest version is meant. */
  readonly flow: { readonly id: string } | { readonly versionGroupId: string };
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[];
  readonly runConfig?: unknown;
  readonly name?: string;
  readonly idempotencyKey?: string;
  /** Epoch milliseconds; default: now. */
  readonly scheduledStartTime?: number;
}
