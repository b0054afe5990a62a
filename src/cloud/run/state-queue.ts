import type { Ack, Clock } from "../../engine/index.ts";
import type { Api } from "../port/api.ts";
import type { Creation, CreationAnswer, FlowStateItem, TaskStateItem } from "../port/batch.ts";

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

type StateRequest =
  | { readonly kind: "task"; readonly waiting: Waiting<TaskStateItem, Ack> }
  | { readonly kind: "flow"; readonly waiting: Waiting<FlowStateItem, Ack> };

const itemsOfAKind = 200;
/** When many runs are on the move, so many milliseconds pass between two requests, unless so many items wait already. */
const pace = { milliseconds: 5, items: 32, fromItems: 8 };

/**
 * One request at a time; what is asked for while it is under way goes out together in the next one. So the number of
 * requests follows the API's speed and not the number of tasks, and two states of one run never overtake each other.
 */
export class StateQueue {
  readonly #api: Api;
  readonly #flowRunId: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #refusal: () => Promise<string | null>;
  #creations: Waiting<Creation, CreationAnswer>[] = [];
  #states: StateRequest[] = [];
  #draining: Promise<void> | null = null;
  /** The request before: when it went out, and with how many items. */
  #last = { time: 0, items: 0 };

  /** @param refusal - asked before each request and after its answer: why nothing may be sent any more, or null */
  constructor(
    api: Api,
    flowRunId: string,
    clock: Clock,
    signal: AbortSignal,
    refusal: () => Promise<string | null> = async () => null,
  ) {
    this.#clock = clock;
    this.#api = api;
    this.#flowRunId = flowRunId;
    this.#signal = signal;
    this.#refusal = refusal;
  }

  create(item: Creation): Promise<CreationAnswer> {
    return new Promise((resolve, reject) => {
      this.#creations.push({ item, resolve, reject });
      this.#wake();
    });
  }

  setTaskState(item: TaskStateItem): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.#states.push({ kind: "task", waiting: { item, resolve, reject } });
      this.#wake();
    });
  }

  /** States that were asked for before it go out before it, later ones after it. */
  setFlowState(item: FlowStateItem): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.#states.push({ kind: "flow", waiting: { item, resolve, reject } });
      this.#wake();
    });
  }

  /** Resolves when everything that was asked for has its answer. */
  async idle(): Promise<void> {
    while (this.#draining !== null) await this.#draining;
  }

  #wake(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
      if (this.#waiting > 0) this.#wake();
    });
  }

  async #drain(): Promise<void> {
    do {
      // Lets all that happens in this turn of the event loop join the request.
      await new Promise(setImmediate);
      await this.#gather();
      await this.#sendNext();
    } while (this.#waiting > 0);
  }

  get #waiting(): number {
    return this.#creations.length + this.#states.length;
  }

  /** An API that is near answers faster than items come, and would get a request for each of them. */
  async #gather(): Promise<void> {
    if (this.#last.items < pace.fromItems || this.#waiting >= pace.items) return;
    const next = this.#last.time + pace.milliseconds;
    if (next > this.#clock.now()) await this.#clock.until(next, this.#signal);
  }

  async #sendNext(): Promise<void> {
    const refusal = await this.#refusal();
    if (refusal !== null) {
      const { creations, states } = this.#takeAll();
      return refuse(refusal, creations, states);
    }
    const creations = this.#creations.slice(0, itemsOfAKind);
    this.#creations = this.#creations.slice(itemsOfAKind);
    const { tasks, flows } = this.#takeStates();
    this.#last = { time: this.#clock.now(), items: creations.length + tasks.length };
    try {
      const answers = await this.#api.submit(
        {
          flowRunId: this.#flowRunId,
          creations: creations.map(({ item }) => item),
          taskStates: tasks.map(({ item }) => item),
          flowStates: flows.map(({ item }) => item),
        },
        { signal: this.#signal },
      );
      // The process may have slept over the answer, and a body that starts upon it would start for the second time.
      const tooLate = await this.#refusal();
      if (tooLate !== null) return refuse(tooLate, creations, [...tasks, ...flows]);
      settle(creations, answers.creations);
      settle(tasks, answers.taskStates);
      settle(flows, answers.flowStates);
    } catch (error) {
      for (const { reject } of [...creations, ...tasks, ...flows]) reject(error);
    }
  }

  #takeAll() {
    const [creations, states] = [this.#creations, this.#states.map(({ waiting }) => waiting)];
    this.#creations = [];
    this.#states = [];
    return { creations, states };
  }

  /** Up to and with the first flow state: a request sets task states first. */
  #takeStates() {
    const tasks: Waiting<TaskStateItem, Ack>[] = [];
    const flows: Waiting<FlowStateItem, Ack>[] = [];
    let taken = 0;
    for (const request of this.#states) {
      if (tasks.length === itemsOfAKind || flows.length > 0) break;
      if (request.kind === "task") tasks.push(request.waiting);
      else flows.push(request.waiting);
      taken += 1;
    }
    this.#states = this.#states.slice(taken);
    return { tasks, flows };
  }
}

interface Refusable<Answer> {
  readonly resolve: (answer: Answer) => void;
}

function refuse(
  reason: string,
  creations: readonly Refusable<CreationAnswer>[],
  states: readonly Refusable<Ack>[],
): void {
  for (const { resolve } of creations) resolve({ status: "refused", reason });
  for (const { resolve } of states) resolve({ status: "refused", reason, current: null });
}

function settle<Item, Answer>(waiting: readonly Waiting<Item, Answer>[], answers: readonly Answer[]): void {
  waiting.forEach(({ resolve, reject }, at) => {
    const answer = answers[at];
    if (answer === undefined) reject(new TypeError("The API client left an item without an answer"));
    else resolve(answer);
  });
}
