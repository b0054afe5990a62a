import { type FlowGraph, mermaid } from "../graph/index.ts";
import { type BuiltFlow, buildFlow } from "./build-flow.ts";
import type { CallSite } from "./call-site.ts";
import type { FlowDefinition } from "./definition.ts";
import type { FlowOptions } from "./flow-options.ts";

const brand = Symbol.for("flow-runner.flow");

/** A built flow: its graph, the code behind it, and where it was written. What can be done with it is in `run/`. */
export class FlowBase<Returned = unknown> implements FlowDefinition {
  readonly graph: FlowGraph;
  readonly tasks: FlowDefinition["tasks"];
  readonly stateHandlers: FlowDefinition["stateHandlers"];
  readonly onFailure: FlowDefinition["onFailure"];
  readonly terminalStateHandler: FlowDefinition["terminalStateHandler"];
  readonly resultHandler: FlowDefinition["resultHandler"];
  readonly environment: FlowDefinition["environment"];
  /** What the build function returned: references, for looking up results after a run. */
  readonly returned: Returned;
  /** Absolute path of the module that called `flow()`; null where it came from no file. */
  readonly definedIn: string | null;
  /** `file:line` of that call as its author sees it. */
  readonly definedAt: string | null;

  constructor(name: string, build: () => Returned, options: FlowOptions<Returned>, site: CallSite) {
    const built: BuiltFlow<Returned> = buildFlow(name, build, options);
    this.graph = built.graph;
    this.tasks = built.tasks;
    this.stateHandlers = built.stateHandlers;
    this.onFailure = built.onFailure;
    this.terminalStateHandler = built.terminalStateHandler;
    this.resultHandler = built.resultHandler;
    this.environment = built.environment;
    this.returned = built.returned;
    this.definedIn = site.file;
    this.definedAt = site.place;
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
