import { context, type Flow, flow, signals, type TaskResult, task, triggers, unmapped } from "../../../src/index.ts";
import { element, type FlowDescription, isMapped, labelOf, type TaskDescription } from "./description.ts";

/** What an entry of a body saw, in the words of the model. */
export type Entered = (label: string, saw: unknown) => Promise<void>;

/** Builds the flow that a description means. */
export function build({ tasks, references }: FlowDescription, entered: Entered): Flow {
  const options = references === null ? {} : { referenceTasks: references.map((number) => labelOf(number, null)) };
  return flow(
    "described",
    () => {
      const results: TaskResult<unknown>[] = [];
      for (const [number, each] of tasks.entries()) results.push(call(results, number, each, entered));
    },
    options,
  );
}

function call(
  results: readonly TaskResult<unknown>[],
  number: number,
  described: TaskDescription,
  entered: Entered,
): TaskResult<unknown> {
  const it = task(`t${number}`, bodyOf(number, described, entered), {
    trigger: triggerOf(described),
    skipOnUpstreamSkip: described.skipOnUpstreamSkip,
    ...(described.maxRetries > 0 ? { maxRetries: described.maxRetries, retryDelay: 0 } : {}),
  });
  const of = (from: number): TaskResult<unknown> => results[from] as TaskResult<unknown>;
  const after = described.inputs.filter(({ how }) => how === "after").map(({ from }) => of(from));
  const taken = [...described.inputs.entries()].filter(([, { how }]) => how !== "after");
  if (!isMapped(described)) {
    return it(Object.fromEntries(taken.map(([at, { from }]) => [`u${at}`, of(from)])), { after });
  }
  const inputs = taken.map(([at, { from, how }]) => [`u${at}`, how === "mapped" ? of(from) : unmapped(of(from))]);
  return it.map(Object.fromEntries(inputs) as Parameters<typeof it.map>[0], { after });
}

function triggerOf({ trigger, thresholds }: TaskDescription) {
  if (trigger === "someFailed" || trigger === "someSuccessful") return triggers[trigger](thresholds);
  return triggers[trigger];
}

function bodyOf(number: number, { acts, width }: TaskDescription, entered: Entered) {
  const entries = new Map<number, number>();
  return async (inputs: Record<string, unknown>): Promise<readonly string[]> => {
    const { mapIndex, taskRunCount: run, loopCount: loop, loopResult } = context;
    const label = labelOf(number, mapIndex);
    const index = mapIndex ?? 0;
    const entry = entries.get(index) ?? 0;
    entries.set(index, entry + 1);
    const seen = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, inWords(value)]));
    await entered(label, { run, loop, soFar: inWords(loopResult), inputs: seen });
    const list = Array.from({ length: width }, (_, at) => element(label, run, loop, at));
    switch (acts[index]?.[entry] ?? "return") {
      case "throw":
        throw new RangeError(label);
      case "fail":
        return signals.fail("on purpose");
      case "triggerFail":
        return signals.triggerFail();
      case "skip":
        return signals.skip();
      case "success":
        return signals.success();
      case "retry":
        return signals.retry();
      case "loop":
        return signals.loop({ result: list });
      case "pause":
        signals.pause();
    }
    return list;
  };
}

function inWords(value: unknown): unknown {
  if (value === undefined) return "nothing";
  if (value instanceof Error) return "error";
  return Array.isArray(value) ? value.map(inWords) : value;
}
