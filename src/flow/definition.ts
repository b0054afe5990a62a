import type { FlowGraph } from "../graph/index.ts";
import type { State } from "../state/index.ts";
import type { LocationContext, ResultHandler } from "./result-handler.ts";
import type { ParameterCheck } from "./task/parameter-schema.ts";

/** A state as user code sees it: plain data, and the live value or error that belongs to it. */
export interface StateView extends State {
  /** The task's result; for a failed task its error; undefined when there is none. */
  readonly value: unknown;
}

/** The upstream state that a custom trigger looks at. */
export interface UpstreamState {
  readonly slug: string;
  readonly key: string | null;
  readonly mapIndex: number | null;
  readonly state: StateView;
}

/** May return (or resolve to) another state to go on with, or nothing. Prefect: `handler(obj, old, new) or new`. */
export type StateHandler = (
  subject: { readonly name: string; readonly slug: string },
  oldState: StateView,
  newState: StateView,
) => StateView | State | undefined | void | Promise<StateView | State | undefined | void>;

/** A place where secrets are, of the flow's own: its code runs in the host. */
export interface SecretProviderOption {
  /** As in `FLOW_RUNNER__SECRET_PROVIDERS`, and as the prefix of a name: `vault:db/password`. */
  readonly name: string;
  /** Resolves with the value, or with undefined when it is not there; throws when it cannot be told. */
  find(key: string): unknown;
}

/** What the host needs to run one task of a flow. */
export interface TaskDefinition {
  readonly slug: string;
  /** Puts the values of the edges into the inputs object: literals and nested shapes come from the flow itself. */
  bind(value: (edgeKey: string) => unknown): Record<string, unknown>;
  /** The body. Parameters and constants have one too. */
  run(inputs: Record<string, unknown>): unknown;
  readonly stateHandlers: readonly StateHandler[];
  readonly onFailure: ((subject: { name: string; slug: string }, state: StateView) => unknown) | null;
  /** Only when the trigger is `custom`. Returns whether it fires; may throw a signal. */
  readonly customTrigger: ((upstream: readonly UpstreamState[]) => boolean | Promise<boolean>) | null;
  /** Only when the cache validator is `custom`. */
  readonly customCacheValidator:
    | ((
        cached: StateView,
        inputs: Readonly<Record<string, unknown>>,
        parameters: Readonly<Record<string, unknown>>,
      ) => boolean | Promise<boolean>)
    | null;
  /** Only when the target, or the cache key, is a function. */
  readonly target: ((context: LocationContext) => string) | null;
  readonly cacheKey: ((context: LocationContext) => string) | null;
  /**
   * The handler object its result is written with: its own, else the flow's. A parameter has null here and `JSONResultHandler`
   * in the graph, a secret null and `SecretResultHandler`; the host supplies them.
   */
  readonly resultHandler: ResultHandler | null;
  /** Whether an error thrown by the body may be retried (`retryOn`). */
  retryable(error: unknown): boolean;
}

/** A built flow, as the host holds it: the plain graph and the code behind it. */
export interface FlowDefinition {
  readonly graph: FlowGraph;
  readonly tasks: ReadonlyMap<string, TaskDefinition>;
  /** Of the parameters that have a schema, by name. */
  readonly parameterChecks: ReadonlyMap<string, ParameterCheck>;
  readonly stateHandlers: readonly StateHandler[];
  readonly onFailure: ((subject: { name: string; slug: string }, state: StateView) => unknown) | null;
  readonly terminalStateHandler:
    | ((
        state: StateView,
        references: readonly UpstreamState[],
      ) => StateView | State | undefined | void | Promise<StateView | State | undefined | void>)
    | null;
  readonly resultHandler: ResultHandler | null;
  readonly secretProviders?: readonly SecretProviderOption[];
  /** The environment object, with its callbacks; null is LocalEnvironment without any. */
  readonly environment: Environment | null;
}

/** What an environment is to the host: callbacks and, for custom ones, `setup` and `execute`. */
export interface Environment {
  readonly labels: readonly string[];
  readonly onStart?: (() => unknown) | undefined;
  readonly onExit?: (() => unknown) | undefined;
  /** Custom environments: prepares the place. */
  setup?(): unknown;
  /** Custom environments: runs the flow by calling `runFlow` once. */
  execute?(tools: { runFlow(): Promise<State> }): unknown;
  /** Plain data for the runner, the manifest and the registration. */
  describe(): {
    type: string;
    labels: string[];
    custom: boolean;
    hasOnStart: boolean;
    hasOnExit: boolean;
    [option: string]: unknown;
  };
}
