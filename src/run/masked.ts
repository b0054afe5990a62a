import type { RunObserver, RunStore } from "../engine/index.ts";
import type { Masker } from "../secrets/index.ts";
import type { State } from "../state/index.ts";

/** A state whose message holds no secret; results cannot hold one, since the host refuses to persist it. */
export function maskedState(state: State, masker: Masker): State {
  const message = state.message === null ? null : masker.mask(state.message);
  const inner = state.wrapped === undefined ? {} : { wrapped: maskedState(state.wrapped, masker) };
  return { ...state, ...inner, message };
}

/** Shows an observer everything with the secrets masked. */
export function maskedObserver(observer: RunObserver, masker: Masker): RunObserver {
  return {
    onTaskState: (run, state) => observer.onTaskState?.(run, maskedState(state, masker)),
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
  };
}
