import { type FlowGraph, mermaid } from "../graph/index.ts";
import type { BuiltFlow } from "./build-flow.ts";
import type { FlowDefinition } from "./definition.ts";

const brand = Symbol.for("flow-runner.flow");

/** A built flow: its graph, the code behind it, and where it was written. What can be done with it is in `run/`. */
export class FlowBase<out Returned = unknown> implements BuiltFlow<Returned> {
  readonly graph: FlowGraph;
  readonly tasks: FlowDefinition["tasks"];
  readonly parameterChecks: FlowDefinition["parameterChecks"];
  readonly stateHandlers: FlowDefinition["stateHandlers"];
  readonly onFailure: FlowDefinition["onFailure"];
  readonly terminalStateHandler: FlowDefinition["terminalStateHandler"];
  readonly resultHandler: FlowDefinition["resultHandler"];
  readonly environment: FlowDefinition["environment"];
  readonly secretProviders: NonNullable<FlowDefinition["secretProviders"]>;
  readonly returned: Returned;
  readonly definedIn: string | null;
  readonly definedAt: string | null;

  constructor(built: BuiltFlow<Returned>) {
    this.graph = built.graph;
    this.tasks = built.tasks;
    this.parameterChecks = built.parameterChecks;
    this.stateHandlers = built.stateHandlers;
    this.onFailure = built.onFailure;
    this.terminalStateHandler = built.terminalStateHandler;
    this.resultHandler = built.resultHandler;
    this.environment = built.environment;
    this.secretProviders = built.secretProviders ?? [];
    this.returned = built.returned;
    this.definedIn = built.definedIn;
    this.definedAt = built.definedAt;
    Object.defineProperty(this, brand, { value: true });
  }

  get name(): string {
    return this.graph.name;
  }

  /** The flow as Mermaid text, for a README or mermaid.live. */
  visualize(): string {
    return mermaid(this.graph);
  }
}

/** Whether a value is a flow, also one that another copy of this package made. */
export const isFlow = (value: unknown): value is FlowBase =>
  typeof value === "object" && value !== null && brand in value;
