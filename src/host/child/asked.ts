import type { RunQuestion } from "../../flow/index.ts";
import type { State } from "../../state/index.ts";
import { type ToHost, toldError } from "../protocol/index.ts";
import type { Channel } from "./channel.ts";

type Answer = Extract<ToHost, { type: "answer" | "flowRan" }>;

/** What the host has asked the runner and waits for. */
export class Asked {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async ask(question: RunQuestion, taskRunId: string | null): Promise<unknown> {
    const answer = await this.#ask((id) => this.#channel.send({ type: "ask", id, question, taskRunId }, question.kind));
    if (answer.type !== "answer") throw new TypeError(`a "${answer.type}" frame answered "${question.kind}"`);
    if (answer.error !== null) throw toldError(answer.error);
    return answer.value;
  }

  async runFlow(): Promise<State> {
    const answer = await this.#ask((id) => this.#channel.send({ type: "runFlow", id }));
    if (answer.type !== "flowRan") throw new TypeError(`a "${answer.type}" frame answered runFlow()`);
    if (answer.state === null) throw new Error(answer.error ?? "the flow was not run");
    return answer.state;
  }

  answer(frame: Answer): void {
    const take = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    take?.(frame);
  }

  #ask(send: (id: number) => void): Promise<Answer> {
    const id = this.#next++;
    return new Promise((resolve) => {
      // What does not fit into a frame is thrown, and nobody waits.
      send(id);
      this.#waiting.set(id, resolve);
    });
  }
}
