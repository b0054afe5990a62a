import { AsyncLocalStorage } from "node:async_hooks";

interface Loading {
  active: boolean;
}

/**
 * Shared by all copies of this package in a process: a flow's module gets its `flow` from the runner's own copy, while
 * the one who loads it may be another copy (a test runner's).
 */
const key = Symbol.for("flow-runner.loading");
const scopes = globalThis as { [key]?: AsyncLocalStorage<Loading> };
scopes[key] ??= new AsyncLocalStorage<Loading>();
const scope = scopes[key];

/**
 * Whether the code that asks runs because a flow's module is being loaded. What a module does with its flows at its top
 * level (`await weather.run()`) must not be done again by everyone who loads it.
 *
 * Prefect 1.x: `context.loading_flow`, which makes `flow.register` a no-op.
 */
export function isLoading(): boolean {
  return scope.getStore()?.active === true;
}

/** Loads something: `isLoading()` is true for all that runs because of it, until it is there. */
export async function whileLoading<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const loading: Loading = { active: true };
  try {
    return await scope.run(loading, load);
  } finally {
    // Timers and sockets that the module opened keep this context: later they act as anyone does.
    loading.active = false;
  }
}
