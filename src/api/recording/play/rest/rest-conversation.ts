import type { Answer } from "../../../http/answer.ts";
import type { Exchange } from "../../file/exchange.ts";
import { missingText } from "../missing.ts";
import type { Outcome } from "../outcome.ts";
import { type Found, Tracks } from "../tracks.ts";
import type { AskedRequest } from "./asked-request.ts";
import { keptRequests } from "./kept-requests.ts";
import { elementsOf, type RestElement } from "./request-elements.ts";

/**
 * A recorded conversation with Prefect 3, which answers what is asked of it as the server did: a state of a flow run, or
 * an event of a task run, by that run and the state, in order; a question by the last answer to it at the point that has been
 * reached; other changes in order, and then by their last answer again. What is no state of a run is compared by method,
 * path and body, without times and what clients draw by lot.
 */
export class RestConversation {
  readonly #tracks: Tracks<Answer>;
  readonly #runs: ReadonlySet<string | null>;
  readonly #unmatched: (message: string) => void;
  /** What was given to a mark of this replay, which a client sends again where its connection broke. */
  readonly #given = new Map<string, Answer>();
  readonly #told = new Set<string>();

  /** @param unmatched - told of each request without an answer, as its answer says it */
  constructor(exchanges: readonly Exchange[], unmatched: (message: string) => void) {
    this.#tracks = new Tracks(keptRequests(exchanges));
    this.#runs = new Set(this.#tracks.elements.map(({ run }) => run));
    this.#unmatched = unmatched;
  }

  answer(asked: AskedRequest): Answer {
    const { form, elements } = elementsOf(asked);
    if (form === "events") return this.#answerEvents(elements);
    const [element] = elements;
    const again = this.#given.get(element?.mark ?? "");
    if (element === undefined || again !== undefined) return again ?? noted;
    const found = this.#find(element);
    if (found === null) return form === "noted" ? noted : this.#missing([element]);
    return this.#take(element, found);
  }

  /** All of them, or none: who is told that one is refused sends the others again. */
  #answerEvents(elements: readonly RestElement[]): Answer {
    const fresh = elements.filter(({ mark }) => mark === null || !this.#given.has(mark));
    const found = fresh.map((element) => [element, this.#find(element)] as const);
    const missing = found.filter(([{ isPassing, run }, each]) => each === null && !(isPassing && this.#runs.has(run)));
    if (missing.length > 0) return this.#missing(missing.map(([element]) => element));
    const taken = found.flatMap(([element, each]) => (each === null ? [] : [[element, each] as const]));
    const refusal = taken.map(([, { moment }]) => answerIn(moment.outcome)).find(({ status }) => status >= 400);
    if (refusal !== undefined && elements.length > 1) return refusal;
    for (const [element, each] of taken) this.#take(element, each);
    return refusal ?? noted;
  }

  #find(element: RestElement): Found<Answer> | null {
    const { exact, owner } = element;
    return (exact === null ? null : this.#tracks.find({ key: exact, owner })) ?? this.#tracks.find(element);
  }

  #take({ mark }: RestElement, found: Found<Answer>): Answer {
    this.#tracks.take([found]);
    const { outcome } = found.moment;
    const { body, ...answer } = answerIn(outcome);
    const given = { ...answer, body: this.#tracks.withOwners(String(body)) };
    if (mark !== null && outcome.kind === "value") this.#given.set(mark, given);
    return given;
  }

  /** With a status that clients neither try again nor take for the absence of something. */
  #missing(missing: readonly RestElement[]): Answer {
    const [first] = missing;
    if (first === undefined) return noted;
    const message = missingText(this.#tracks, first, missing.length);
    // A list that is refused comes again in parts.
    if (!this.#told.has(first.title)) this.#unmatched(message);
    this.#told.add(first.title);
    return { status: 400, body: { detail: message } };
  }
}

/** What is taken without an answer of the recording's. */
const noted: Answer = { status: 204, body: "" };

const answerIn = (outcome: Outcome<Answer>): Answer => {
  if (outcome.kind === "value") return outcome.value;
  return outcome.kind === "failed" ? outcome.answer : noted;
};
