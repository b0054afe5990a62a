import { type FlowOptions, flow, JSONResultHandler } from "flow-runner";

/** What a task throws that fails on purpose; the Python side has one of the same name. */
export class Boom extends Error {
  override readonly name = "Boom";
}

/** A graph of the table: its results are JSON in the states, so that they are compared too, unless it says otherwise. */
export const graph = <Returned>(name: string, build: () => Returned, options: FlowOptions<Returned> = {}) =>
  flow(name, build, { resultHandler: new JSONResultHandler(), ...options });
