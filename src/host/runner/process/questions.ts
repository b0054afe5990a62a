import { FlowRunnerError } from "../../../errors/index.ts";
import type { FromHost, ToHost } from "../../protocol/index.ts";
import type { HostEnd } from "../end/host-end.ts";

/** Which frame answers which. */
const answerTypes = {
  run: "ran",
  call: "called",
  measure: "measured",
  probe: "probed",
  show: "shown",
  read: "done",
  keep: "done",
  ping: "pong",
} as const;

type Question = Extract<ToHost, { type: keyof typeof answerTypes }>;
/** A frame that is answered, without its `id`. */
export type Ask = Question extends infer Q ? (Q extends Question ? Omit<Q, "id"> : never) : never;
export type Answer = Extract<FromHost, { type: (typeof answerTypes)[Ask["type"]] }>;
export type AnswerTo<Asked extends Ask> = Extract<FromHost, { type: (typeof answerTypes)[Asked["type"]] }>;
/** Frames that nobody answers. */
export type Tell = Exclude<ToHost, Question>;
/** Frames that a host sends of its own accord. */
export type Told = Exclude<FromHost, Answer>;

/** The question was not answered, because its host has ended. */
export class HostEnded extends Error {
  readonly end: HostEnd;
  constructor(end: HostEnd) {
    super("the host has ended");
    this.end = end;
  }
}

interface Waiting {
  readonly expected: Answer["type"];
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The questions that one host has not answered yet. */
export class Questions {
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  /** How the host ended; null: it has not. */
  #ended: HostEnd | null = null;

  /** The id that the next question gets: who asks may want to know it before the answer. */
  get nextId(): number {
    return this.#next;
  }

  /**
   * @param send - sends the question under its id; what it throws rejects the answer
   */
  ask<Asked extends Ask>(question: Asked, send: (id: number) => void): Promise<AnswerTo<Asked>> {
    const id = this.#next++;
    if (this.#ended !== null) return Promise.reject(new HostEnded(this.#ended));
    return new Promise((resolve, reject) => {
      send(id);
      const expected = answerTypes[question.type];
      this.#waiting.set(id, { expected, resolve: resolve as (answer: Answer) => void, reject });
    });
  }

  /** @throws FlowRunnerError `FRAME_MALFORMED` for a frame that does not answer its question */
  answered(frame: Answer): void {
    const waiting = this.#waiting.get(frame.id);
    if (waiting !== undefined && waiting.expected !== frame.type)
      throw new FlowRunnerError("FRAME_MALFORMED", {
        excerpt: `"${frame.type}"`,
        problem: `it answers a question that "${waiting.expected}" is due for`,
      });
    this.#waiting.delete(frame.id);
    waiting?.resolve(frame);
  }

  ended(end: HostEnd): void {
    this.#ended = end;
    // After those who wait for the end: they must have a fresh host ready when the others ask again at once.
    queueMicrotask(() => {
      for (const waiting of this.#waiting.values()) waiting.reject(new HostEnded(end));
      this.#waiting.clear();
    });
  }
}
