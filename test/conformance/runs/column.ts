/** One runner's side of the table: the same graphs, registered with the same API. */
export interface Column {
  /** Ids of the registered flows, by the graph's name. */
  readonly flows: ReadonlyMap<string, string>;
  /** How many runs it can execute at the same time. */
  readonly atATime: number;
  /** Executes a flow run as an agent's container would; resolves when the process would have ended. */
  execute(flowRunId: string): Promise<void>;
  close(): Promise<void>;
}
