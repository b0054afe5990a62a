import type { State } from "../../state/index.ts";
import type { ToHost } from "../protocol/index.ts";
import type { Channel } from "./channel.ts";

type Answer = Extract<ToHost, { type: "secret" | "flowRan" }>;

/** What the host has asked the runner and waits for. */
export class Asked {
  readonly #channel: Channel;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async secret(name: string): Promise<unknown> {
    const answer = await this.#ask((id) => this.#channel.send({ type: "secret", id, name }));
    if (answer.type !== "secret") throw new TypeError(`a "${answer.type}" frame answered a question for a secret`);
    if (answer.error !== null) throw new Error(answer.error);
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
      this.#waiting.set(id, resolve);
      send(id);
    });
  }
}
