import { AsyncLocalStorage } from "node:async_hooks";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowBuilder } from "./builder.ts";

const building = new AsyncLocalStorage<FlowBuilder>();

/** Runs a build function so that the calls of tasks in it add to this builder. */
export const buildWith = <R>(builder: FlowBuilder, build: () => R): R => building.run(builder, build);

/**
 * The flow that is being built here.
 *
 * @param what Subject of the sentence that a call outside of a flow gets: `Task "mean"`.
 * @param instead What to do in that case.
 */
export function currentBuilder(what: string, instead: string): FlowBuilder {
  const builder = building.getStore();
  if (builder === undefined) throw new FlowRunnerError("NOT_IN_A_FLOW", { what, instead });
  builder.requireOpen(what);
  return builder;
}
