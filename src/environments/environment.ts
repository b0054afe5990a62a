import type { ExecutorSpec } from "../executors/index.ts";
import type { Environment as EnvironmentContract } from "../flow/index.ts";
import type { State } from "../state/index.ts";

/** What every environment may be given. */
export interface EnvironmentOptions {
  /** Only agents look at them: a run goes to an agent that has all of them. */
  readonly labels?: readonly string[];
  /** Called in the container before the flow runs. */
  readonly onStart?: () => unknown;
  /** Called in the container after the flow ran, also when it failed. */
  readonly onExit?: () => unknown;
}

type Description = ReturnType<EnvironmentContract["describe"]>;

/**
 * Where and how a flow runs. Extend it for an environment of your own: `setup` prepares the place, `execute` runs the
 * flow by calling `runFlow` once. Both run in the host, as all of the flow's own code does.
 *
 * @example
 * ```ts
 * class Warmed extends Environment {
 *   override async setup() { await fillCache(); }
 *   override async execute({ runFlow }: { runFlow(): Promise<State> }) { await runFlow(); }
 * }
 * ```
 */
export class Environment implements EnvironmentContract {
  readonly labels: readonly string[];
  readonly onStart: (() => unknown) | undefined;
  readonly onExit: (() => unknown) | undefined;

  constructor({ labels = [], onStart, onExit }: EnvironmentOptions = {}) {
    this.labels = [...new Set(labels)].sort();
    this.onStart = onStart;
    this.onExit = onExit;
  }

  /** Prepares the place; nothing by default. */
  setup(): unknown {
    return undefined;
  }

  /** Runs the flow here. */
  execute({ runFlow }: { runFlow(): Promise<State> }): unknown {
    return runFlow();
  }

  describe(): Description {
    return {
      type: this.constructor.name,
      labels: [...this.labels],
      custom: true,
      hasOnStart: this.onStart !== undefined,
      hasOnExit: this.onExit !== undefined,
    };
  }
}

/** A class of the author's own that extends a built-in one has steps of its own: they must run. */
function builtIn(type: string, own: unknown, environment: Environment, description: Description): Description {
  return environment.constructor === own ? { ...description, type, custom: false } : description;
}

/** Runs the flow in the container that the agent has started. Prefect 0.7: LocalEnvironment. */
export class LocalEnvironment extends Environment {
  override describe(): Description {
    return builtIn("LocalEnvironment", LocalEnvironment, this, super.describe());
  }
}

export interface RemoteEnvironmentOptions extends EnvironmentOptions {
  /**
   * An executor's name; Prefect's dotted paths are taken too. Default: what `PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS`
   * says in the container, else LocalExecutor.
   */
  readonly executor?: string;
  /** The executor's options: `{ concurrency: 8 }`. */
  readonly executorKwargs?: Readonly<Record<string, unknown>>;
}

/** Runs the flow in this container with an executor chosen by name. Prefect 0.7: RemoteEnvironment. */
export class RemoteEnvironment extends Environment {
  /** Null: the configuration's. */
  readonly executor: ExecutorSpec | null;

  constructor({ executor, executorKwargs, ...options }: RemoteEnvironmentOptions = {}) {
    super(options);
    const isNamed = executor !== undefined || executorKwargs !== undefined;
    this.executor = isNamed ? { ...executorKwargs, type: executor ?? "LocalExecutor" } : null;
  }

  override describe(): Description {
    return builtIn("RemoteEnvironment", RemoteEnvironment, this, { ...super.describe(), executor: this.executor });
  }
}
