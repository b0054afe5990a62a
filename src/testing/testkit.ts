import type { Api, FaultRule, MetFault } from "../api/index.ts";
import type { Duration, FlowBase } from "../flow/index.ts";
import type { ExecuteOptions } from "./execution/execute-options.ts";
import type { TestRequest } from "./reading/requests.ts";
import type { TestRun } from "./reading/test-run.ts";

export interface TestkitOptions {
  /** The time at which it begins; left out: the machine's. */
  readonly time?: Date | string;
  /** Secrets that the API has. */
  readonly secrets?: Readonly<Record<string, unknown>>;
  /** What goes wrong with the API. */
  readonly faults?: readonly FaultRule[];
  /** The key that clients must send; null, the default: none. */
  readonly key?: string | null;
}

/** What a run is given. */
export interface TestRunOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  /** When it is due; left out: now. */
  readonly scheduledStartTime?: Date | string;
}

/** A flow run of the API's. */
export interface PlannedRun {
  readonly id: string;
  /** The flow's name. */
  readonly flow: string;
  /** When it is due. */
  readonly scheduledStartTime: Date;
  /**
   * Executes it, whatever time it is due: a clock that jumps is there at once. A run that fails does not throw.
   *
   * @throws FlowRunnerError where it could not begin and the API was told nothing; `TEST_MOCK_UNKNOWN`
   */
  execute(options?: ExecuteOptions): Promise<TestRun>;
  /** What the API has of it now. */
  read(): Promise<TestRun>;
}

/** An API in this process, a clock, and what is needed to try flows with both. */
export interface Testkit extends AsyncDisposable {
  readonly api: Api;
  /** Registers a flow, in the project `test`, and with it its schedule. Registering it again makes another version. */
  register(flow: FlowBase): Promise<{ readonly flowId: string }>;
  /** Creates a run of a flow, which is registered first where it is not yet. */
  createRun(flow: FlowBase, options?: TestRunOptions): Promise<PlannedRun>;
  /** Creates a run and executes it. */
  run(flow: FlowBase, options?: TestRunOptions & ExecuteOptions): Promise<TestRun>;
  /** The runs that are scheduled, also those of schedules, in the order in which they are due. */
  scheduledRuns(flow: FlowBase): Promise<readonly PlannedRun[]>;
  readonly time: {
    now(): Date;
    /** Lets so much time pass: for the API and for runs in this process. */
    advance(duration: Duration): void;
  };
  readonly faults: {
    /** @example kit.faults.add(faults.fail("states", { times: 3 })) */
    add(...rules: readonly FaultRule[]): void;
    /** From now on nothing goes wrong. */
    clear(): void;
    /** What has gone wrong, in order. */
    met(): readonly MetFault[];
  };
  /** All that the API was asked. */
  requests(): readonly TestRequest[];
  /** Ends what is executed yet, the API, and what it has kept. */
  close(): Promise<void>;
}
