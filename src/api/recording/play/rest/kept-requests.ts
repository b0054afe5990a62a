import type { Answer } from "../../../http/answer.ts";
import type { Exchange } from "../../file/exchange.ts";
import type { Outcome } from "../outcome.ts";
import type { Kept } from "../tracks.ts";
import { elementsOf } from "./request-elements.ts";

/** Of these a client asks again until they are over: the weather of that day. */
const overcome: ReadonlySet<number> = new Set([401, 403, 408, 423, 429]);

/**
 * What each exchange holds. A request that went again because its answer was lost is left out: the API's answer to it
 * says so, and who plays it loses none.
 */
export function* keptRequests(exchanges: readonly Exchange[]): Generator<readonly Kept<Answer>[]> {
  const marks = new Set<string>();
  for (const exchange of exchanges) {
    const { form, elements } = elementsOf({ ...exchange, body: exchange.request.body });
    const is = form === "events" ? "state" : form === "noted" ? "question" : form;
    const fresh = elements.filter(({ mark }) => mark === null || !marks.has(mark));
    const kept = fresh.map((element) => ({ element, is, outcome: outcomeOf(exchange, elements.length) }) as const);
    for (const { element, outcome } of kept)
      if (outcome.kind === "value" && element.mark !== null) marks.add(element.mark);
    yield kept.flatMap((each) => {
      const { exact } = each.element;
      return exact === null ? [each] : [each, { ...each, element: { ...each.element, key: exact } }];
    });
  }
}

function outcomeOf({ path, response }: Exchange, together: number): Outcome<Answer> {
  const { status, contentType } = response;
  const type = contentType ?? "application/json";
  const answer: Answer = {
    status,
    body: textOf(withSecretValue(path, response.body), type),
    headers: { "content-type": type },
  };
  // Whoever sends a list of which one is refused sends the others once more.
  const isOthers = status >= 400 && together > 1;
  if (status >= 500 || overcome.has(status) || isOthers) return { kind: "failed", answer };
  return { kind: "value", value: answer };
}

/** As it came: a recording keeps what JSON stands for, and nothing for an empty one. */
function textOf(body: unknown, contentType: string): string {
  if (body === null) return "";
  const isText = typeof body === "string" && (body === "null" || !contentType.includes("json"));
  return isText ? body : JSON.stringify(body);
}

/** What a block holds is hidden as a whole, and a client reads the value in it. */
function withSecretValue(path: string, body: unknown): unknown {
  if (!path.includes("/block_documents/") || typeof body !== "object" || body === null) return body;
  return "data" in body && typeof body.data === "string" ? { ...body, data: { value: body.data } } : body;
}
