import type { RunObserver, RunStore } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Masker } from "../../secrets/index.ts";
import type { State } from "../../state/index.ts";

/**
 * A state without secrets: in its message and in all that the flow's own code can put into it. The host refuses to
 * persist a result with a secret in its value or its location, so a location that is masked here is one that a state
 * handler has made up.
 */
export function maskedState(state: State, masker: Masker): State {
  const { message, result, context, cachedParameters, cachedInputs, received, wrapped } = state;
  return {
    ...state,
    message: message === null ? null : masker.mask(message),
    result: result === null ? null : { ...result, location: masker.mask(result.location) },
    context: masked(context, masker),
    ...(cachedParameters === undefined ? {} : { cachedParameters: masked(cachedParameters, masker) }),
    ...(cachedInputs === undefined ? {} : { cachedInputs: masked(cachedInputs, masker) }),
    ...(received === undefined ? {} : { received: masked(received, masker) }),
    ...(wrapped === undefined ? {} : { wrapped: maskedState(wrapped, masker) }),
  };
}

/** Plain data with the secrets in its texts masked. */
export function masked<Data>(data: Data, masker: Masker): Data {
  const visit = (item: unknown): unknown => {
    if (typeof item === "string") return masker.mask(item);
    if (Array.isArray(item)) return item.map(visit);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [masker.mask(key), visit(each)]));
  };
  return visit(data) as Data;
}

/** What was thrown, as a person may read it. */
export function maskedError(error: unknown, masker: Masker): unknown {
  if (error instanceof FlowRunnerError) return new FlowRunnerError(error.code, masked(error.details, masker));
  if (!(error instanceof Error)) return masked(error, masker);
  error.message = masker.mask(error.message);
  if (error.stack !== undefined) error.stack = masker.mask(error.stack);
  return error;
}

/** Shows an observer everything with the secrets masked. */
export function maskedObserver(observer: RunObserver, masker: Masker): RunObserver {
  return {
    onTaskState: (run, state) => observer.onTaskState?.(run, maskedState(state, masker)),
    onTaskKept: (run, state) => observer.onTaskKept?.(run, maskedState(state, masker)),
    onFlowState: (state) => observer.onFlowState?.(maskedState(state, masker)),
    onLog: (record) => observer.onLog?.({ ...record, message: masker.mask(record.message) }),
  };
}

/** Tells a store every state with the secrets masked. */
export function maskedStore(store: RunStore, masker: Masker): RunStore {
  return {
    taskRun: (slug) => store.taskRun(slug),
    children: (slug, first, count) => store.children(slug, first, count),
    cachedStates: (slug, cacheKey, newerThan) => store.cachedStates(slug, cacheKey, newerThan),
    setTaskState: (run, state) => store.setTaskState(run, maskedState(state, masker)),
    setFlowState: (state) => store.setFlowState(maskedState(state, masker)),
    startOver: () => store.startOver?.(),
  };
}
