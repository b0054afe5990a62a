import { FlowRunnerError } from "../../../errors/index.ts";
import { isHeld } from "../../claim.ts";
import type { CallOptions } from "../../port/call.ts";
import type { HeldState } from "../../port/held-state.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { askOnce, heldFlowState, heldTaskStates } from "../run/held-states.ts";
import type { StateWork } from "./batch-work.ts";

/** A state that the API did not take, with what it says about it. */
export interface Refused {
  readonly item: StateWork;
  readonly reason: string;
}

/** Finds out what became of states by what the API holds, as part of an attempt to send them. */
export class Settlement {
  readonly #client: GraphqlClient;
  readonly #flowRunId: string;
  readonly #options: CallOptions;

  constructor(client: GraphqlClient, flowRunId: string, options: CallOptions) {
    this.#client = client;
    this.#flowRunId = flowRunId;
    this.#options = options;
  }

  /** States in doubt that the API holds are accepted; the others are left to be sent again. */
  async settle(items: readonly StateWork[]): Promise<void> {
    const held = await this.#held(items);
    for (const item of items) {
      item.inDoubt = false;
      const current = held.get(item.runId)?.state;
      if (current !== undefined && isHeld(item.state, current)) item.answer = { status: "accepted" };
    }
  }

  /** States that are refused because they are there already (the first answer was lost) are accepted. */
  async refuse(refused: readonly Refused[]): Promise<void> {
    const held = await this.#held(refused.map(({ item }) => item));
    for (const { item, reason } of refused) {
      const current = held.get(item.runId)?.state ?? null;
      const stored = current !== null && isHeld(item.state, current);
      item.answer = stored ? { status: "accepted" } : { status: "refused", reason, current };
    }
  }

  async #held(items: readonly StateWork[]): Promise<Map<string, HeldState>> {
    if (items.length === 0) return new Map();
    const ask = askOnce(this.#client, this.#options);
    const taskRuns = items.flatMap(({ kind, runId }) => (kind === "task" ? [runId] : []));
    try {
      const held = await heldTaskStates(ask, taskRuns);
      const flow = taskRuns.length < items.length ? await heldFlowState(ask, this.#flowRunId) : null;
      return flow === null ? held : held.set(this.#flowRunId, flow);
    } catch (error) {
      // An API that does not tell what it holds, or not readably: nothing is known to be there.
      if (error instanceof FlowRunnerError && untold.has(error.code)) return new Map();
      throw error;
    }
  }
}

const untold: ReadonlySet<string> = new Set(["API_REFUSED", "STATE_TYPE_UNKNOWN", "STATE_MALFORMED"]);
