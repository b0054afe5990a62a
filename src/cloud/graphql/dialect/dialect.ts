import type { GraphqlDialectName } from "../../../config/index.ts";
import type { State } from "../../../state/index.ts";

/**
 * One version of Prefect's GraphQL wire: what its versions differ in, and nothing else. Operations, and the fields of
 * their inputs, are told by their names in 1.x; rows of tables (`flow_run`, `task_run`) and their columns have the same
 * names in all versions.
 */
export interface Dialect {
  readonly name: GraphqlDialectName;
  /** Where the API is, from the address that an environment gives. */
  endpoint(address: string): string;
  /** What goes with every request beside the key. */
  headers(tenantId: string | null): Readonly<Record<string, string>>;
  /** An operation or a field of its input, from its name in 1.x. */
  spell(name: string): string;
  /** The type of a mutation's input, from the mutation's name in 1.x. */
  inputType(mutation: string): string;
  /** Mutations whose answer has the row a level deeper, and under which name. */
  readonly rows: Readonly<Record<string, string>>;
  /** Operations of 1.x, and fields of their inputs (`create_flow_run.labels`), that have no counterpart. */
  readonly lacks: ReadonlySet<string>;
  /** What an answer to flow states tells about each of them. */
  readonly flowStateAnswer: string;
  readonly columns: {
    readonly flowRun: string;
    readonly flow: string;
    /** Of a flow run that an agent may start. */
    readonly startableRun: string;
    readonly registeredFlow: string;
    readonly runnableFlow: string;
  };
  /** Columns that an API of this version may have or not. One that it does not know is asked for once. */
  readonly uncertainColumns: readonly string[];
  /** Whether every state needs the version its run has, and not only one that must not be overtaken. */
  readonly versionsRequired: boolean;
  /** Whether the API watches the heartbeat of each task run that is Running. */
  readonly taskHeartbeats: boolean;
  /** Whether the API may be one that takes logs one by one only. */
  readonly singleLogs: boolean;
  /** How a flow's tasks and edges are registered: in the flow, or in lists after it. */
  readonly tasksRegistered: "with the flow" | "apart";
  writeState(state: State): object;
  /**
   * @param owner - whose state it is, for messages: `flow run 7e12…`
   * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
   */
  readState(json: unknown, owner: string): State;
}
