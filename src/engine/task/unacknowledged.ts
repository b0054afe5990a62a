import { isSkipped, isSuccessful, type State } from "../../state/index.ts";
import type { EngineContext } from "../plan/engine-context.ts";
import type { TaskRun } from "../plan/task-run.ts";
import type { UpstreamView } from "../plan/upstream.ts";
import { handled, send, settleAck } from "./transition.ts";

/**
 * Successes that are on their way. Successors may be announced in the same request, which halves the round trips of a
 * chain; but no body starts, and nothing else is concluded, before they are acknowledged.
 */
export class UnacknowledgedSuccesses {
  readonly #context: EngineContext;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Sends a Success ahead. Resolves with it, or with null when a state handler made something else of it. */
  async send(run: TaskRun, success: State): Promise<State | null> {
    if (run.task.spec.hasStateHandlers || run.task.downstream.length === 0) return null;
    const state = await handled(this.#context, run, success);
    const ack = send(this.#context, run, state);
    run.state = state;
    run.ack = ack;
    const answered = ack.then((answer) => {
      run.ack = null;
      settleAck(this.#context, run, state, answer);
      this.#context.runsOf(run.task).invalidate();
    });
    this.#pending.add(answered);
    void answered.finally(() => this.#pending.delete(answered));
    return state;
  }

  /** Waits for the acknowledgements that a task run builds on; false when one of them is no Success after all. */
  async of(run: TaskRun, upstream: UpstreamView): Promise<boolean> {
    if (this.#pending.size === 0) return true;
    const waitingFor = upstream.unacknowledged();
    await Promise.all(waitingFor.map((each) => each.ack));
    const sound = ({ state }: TaskRun): boolean => isSuccessful(state) && !isSkipped(state);
    return waitingFor.every(sound) && run.state.type !== "ClientFailed";
  }

  async all(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
