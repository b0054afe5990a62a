import type { State } from "../../../state/index.ts";

/**
 * One version of Prefect's GraphQL wire: what its versions differ in, and nothing else. Operations, and the fields of
 * their inputs, are told by their names in 1.x; rows of tables (`flow_run`, `task_run`) and their columns are the same
 * in all versions.
 */
export interface Dialect {
  readonly name: "1.x";
  /** Where the API is below the address that an environment gives. */
  readonly path: string;
  /** What goes with every request beside the key. */
  headers(tenantId: string | null): Readonly<Record<string, string>>;
  /** An operation or a field of its input, from its name in 1.x. */
  spell(name: string): string;
  /** The type of a mutation's input, from the mutation's name in 1.x. */
  inputType(mutation: string): string;
  /** Mutations whose answer has the row a level deeper, and under which name. */
  readonly rows: Readonly<Record<string, string>>;
  /** What an answer to flow states tells about each of them. */
  readonly flowStateAnswer: string;
  readonly columns: {
    readonly flowRun: string;
    readonly flow: string;
    /** Of a flow run that an agent may start. */
    readonly startableRun: string;
  };
  writeState(state: State): object;
  /**
   * @param owner - whose state it is, for messages: `flow run 7e12…`
   * @throws FlowRunnerError `STATE_TYPE_UNKNOWN`, `STATE_MALFORMED`
   */
  readState(json: unknown, owner: string): State;
}
