import {
  type Ack,
  type Clock,
  type FlowOutcome,
  type FlowRunOptions,
  type Host,
  type RunStore,
  resolveParameters,
  runFlow,
  systemClock,
  type TaskRunEntry,
} from "../../src/engine/index.ts";
import { inProcessHost, MemoryResults } from "../../src/host/index.ts";
import type { Flow } from "../../src/index.ts";
import { pending, type State } from "../../src/state/index.ts";
import { labelOf } from "./watch.ts";

export const accepted: Ack = { status: "accepted" };
export const refused = (current: State | null = null): Ack => ({ status: "refused", reason: "VERSION_LOCK", current });
export const undelivered: Ack = { status: "undelivered", reason: "the API is away" };

/** Answers a state that was sent: the label is `double-1[3]`, or `flow`. */
export type Script = (label: string, state: State) => Ack | Promise<Ack>;

/** A store that holds the states it was given at first, and answers as its script says. */
export class ScriptedStore implements RunStore {
  /** Every state that was sent, in order: `double-1[3] Running`. */
  readonly sent: string[] = [];
  readonly states: { readonly label: string; readonly state: State }[] = [];
  readonly #script: Script;
  readonly #stored: Readonly<Record<string, State>>;

  constructor(script: Script = () => accepted, stored: Readonly<Record<string, State>> = {}) {
    this.#script = script;
    this.#stored = stored;
  }

  taskRun(slug: string): Promise<TaskRunEntry> {
    return Promise.resolve(this.#entry(slug, null));
  }

  children(slug: string, first: number, count: number): readonly Promise<TaskRunEntry>[] {
    return Array.from({ length: count }, (_, at) => Promise.resolve(this.#entry(slug, first + at)));
  }

  cachedStates(): Promise<readonly State[]> {
    return Promise.resolve([]);
  }

  setTaskState(run: TaskRunEntry, state: State): Promise<Ack> {
    return this.#send(labelOf(run), state);
  }

  setFlowState(state: State): Promise<Ack> {
    return this.#send("flow", state);
  }

  /** The states that were sent for one task run. */
  of(label: string): State[] {
    return this.states.filter((each) => each.label === label).map(({ state }) => state);
  }

  async #send(label: string, state: State): Promise<Ack> {
    this.sent.push(`${label} ${state.type}`);
    this.states.push({ label, state });
    return this.#script(label, state);
  }

  #entry(slug: string, mapIndex: number | null): TaskRunEntry {
    const label = labelOf({ slug, mapIndex });
    return { id: `id of ${label}`, slug, mapIndex, initialState: this.#stored[label] ?? pending("Task run created") };
  }
}

export interface EngineOptions {
  readonly store?: ScriptedStore;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onStop?: FlowRunOptions["onStop"];
  readonly concurrency?: number;
  readonly initialState?: State;
  readonly checkpointing?: boolean;
  readonly longestWait?: number;
  readonly takeover?: boolean;
  readonly secret?: (name: string) => Promise<unknown>;
  /** Puts something between the engine and the host. */
  readonly around?: (host: Host) => Host;
}

/** Runs the engine itself over a real host in this process and a scripted store. */
export function runEngine(flow: Flow, options: EngineOptions = {}): Promise<FlowOutcome> {
  const parameters = resolveParameters(flow.graph, {});
  const clock = options.clock ?? systemClock;
  const host = inProcessHost({
    flow,
    details: {
      flowRunId: "run",
      flowRunName: null,
      parameters,
      scheduledStart: clock.now(),
      context: {},
      defaultHandler: null,
    },
    memory: new MemoryResults(),
    log: () => undefined,
    ask: async (question) => {
      if (question.kind !== "secret" || options.secret === undefined) throw new Error(`no ${question.kind}`);
      return options.secret(question.name);
    },
    runFlow: () => Promise.reject(new Error("no environment")),
  });
  const signal = options.signal ?? new AbortController().signal;
  signal.addEventListener("abort", () => host.cancel("stopped"));
  return runFlow({
    graph: flow.graph,
    host: options.around?.(host) ?? host,
    store: options.store ?? new ScriptedStore(),
    clock,
    observer: {},
    initialState: options.initialState ?? pending(),
    concurrency: options.concurrency ?? 32,
    parameters,
    checkpointing: options.checkpointing ?? false,
    signal,
    flavour: "Cloud",
    keepValues: false,
    takeover: options.takeover ?? false,
    ...(options.onStop === undefined ? {} : { onStop: options.onStop }),
    ...(options.longestWait === undefined ? {} : { longestWait: options.longestWait }),
  });
}

/** A host that does as this one does, but for some things. */
export function over(host: Host, instead: Partial<Host>): Host {
  return {
    run: (request) => host.run(request),
    call: (request) => host.call(request),
    measure: (ref) => host.measure(ref),
    probe: (request) => host.probe(request),
    read: (request) => host.read(request),
    mark: (handle, kind, message) => host.mark(handle, kind, message),
    release: (ranges) => host.release(ranges),
    cancel: (reason) => host.cancel(reason),
    ...instead,
  };
}

/** Lets everything that can happen without time happen, until this holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    if (turns > 10_000) throw new Error("it never came to hold");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
