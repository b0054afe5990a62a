import pLimit from "p-limit";
import type { AskRun, FlowDefinition } from "../../flow/index.ts";
import { captureShape, fillShape } from "../../flow/inputs/shape.ts";
import { inProcessHost, MemoryResults } from "../../host/index.ts";
import { isSuccessful, type StoredResult } from "../../state/index.ts";
import type { KeptValues } from "../execution/kept-values.ts";
import type { ResultFound, TestRunData, TestTaskRun } from "./test-run.ts";

/** Results that are read at once. */
const readsAtOnce = 16;

export interface ResultsOptions {
  readonly flow: FlowDefinition & { readonly returned?: unknown };
  readonly taskRuns: readonly TestTaskRun[];
  readonly values: KeptValues;
  /** Answers what result handlers ask: for secrets. */
  readonly ask: AskRun;
}

/** Reads the results of a run as another container would: by the handlers that have written them. */
export async function readResults(options: ResultsOptions): Promise<Pick<TestRunData, "results" | "returned">> {
  const { flow, taskRuns } = options;
  const limit = pLimit(readsAtOnce);
  const host = inProcessHost({
    flow,
    details: {
      ...{ flowRunId: null, flowRunName: null, parameters: {}, scheduledStart: Date.now(), context: {} },
      defaultHandler: null,
    },
    memory: new MemoryResults(),
    log: () => undefined,
    ask: options.ask,
    runFlow: () => Promise.reject(new TypeError("results are read, and nothing is run")),
  });
  const read = async (handle: number, slug: string, stored: StoredResult): Promise<ResultFound> => {
    const problem = await host.read({ handle, slug, stored });
    return problem === null ? { value: host.value(handle) } : { missing: `it could not be read: ${problem}` };
  };
  const finished = taskRuns.filter(({ state }) => isSuccessful(state) && state.type !== "Mapped");
  const found = await Promise.all(
    finished.map(async ({ name, slug, mapIndex, state }, at): Promise<[string, ResultFound]> => {
      const { result } = state;
      if (result !== null) return [name, await limit(() => read(at + 1, slug, result))];
      if (options.values.has(slug, mapIndex)) return [name, { value: options.values.get(slug, mapIndex) }];
      return [name, { missing: state.type === "Skipped" ? "it was Skipped" : "no result handler has persisted it" }];
    }),
  );
  const results = new Map(found);
  for (const parent of taskRuns.filter(({ mapIndex }) => mapIndex === null)) {
    const children = taskRuns.filter(({ slug, mapIndex }) => slug === parent.slug && mapIndex !== null);
    if (children.length > 0)
      results.set(parent.name, all(children.map(({ name }) => results.get(name) ?? absent(name))));
  }
  return { results, returned: returnedBy(flow.returned, taskRuns, results) };
}

const absent = (name: string): ResultFound => ({ missing: `${name} has none` });

function all(found: readonly ResultFound[]): ResultFound {
  const missing = found.find((each) => "missing" in each);
  return missing ?? { value: found.map((each) => ("value" in each ? each.value : undefined)) };
}

/** What the flow returned, with results where references were. */
function returnedBy(
  returned: unknown,
  taskRuns: readonly TestTaskRun[],
  results: ReadonlyMap<string, ResultFound>,
): ResultFound {
  let missing: string | null = null;
  const { shape, found } = captureShape(returned, [], () => "it has a form that cannot be followed" as never);
  const slugs = new Map(found.map(({ key, reference }) => [key, reference.slug]));
  const value = fillShape(shape, (key) => {
    const run = taskRuns.find(({ slug, mapIndex }) => slug === slugs.get(key) && mapIndex === null);
    const result = run === undefined ? undefined : results.get(run.name);
    if (result !== undefined && "value" in result) return result.value;
    missing ??= result?.missing ?? `${run?.name ?? slugs.get(key)} is ${run?.state.type ?? "not there"}`;
    return undefined;
  });
  return missing === null ? { value } : { missing };
}
