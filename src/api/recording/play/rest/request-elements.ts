import { z } from "zod";
import { type Element, shortened } from "../element.ts";
import { sortedJson, withoutChance } from "../without-chance.ts";
import { type AskedRequest, placeOf } from "./asked-request.ts";

/**
 * How a request is answered: `noted` even where the recording has no answer, since the number of log lines, heartbeats and
 * renewals depends on the time; `events` one by one, since their batches are cut differently from run to run; a `state` of a
 * run, another `change`, or a `question`.
 */
export type Form = "noted" | "events" | "state" | "change" | "question";

export interface RestElement extends Element {
  /** A question as it was written: the answer to the very same one is better than that to one of another time. */
  readonly exact: string | null;
  /** By this the API knows what is sent to it once more; null: by nothing. */
  readonly mark: string | null;
  /** Whether it is only passed through: under load it is left out, so that it is taken also where the recording has none. */
  readonly isPassing: boolean;
}

const stateChange = z.object({
  state: z.object({
    type: z.string(),
    name: z.string().nullish(),
    message: z.string().nullish().catch(null),
    state_details: z.object({ transition_id: z.string().nullish() }).nullish().catch(null),
  }),
});
const taskRunEvent = z.object({
  id: z.string().nullish().catch(null),
  event: z.string().startsWith("prefect.task-run."),
  resource: z.looseObject({
    "prefect.resource.id": z.string(),
    "prefect.resource.name": z.string().catch(""),
    "prefect.state-message": z.string().catch(""),
  }),
});

const statePath = /^\/(flow_runs|task_runs)\/([^/]+)\/set_state$/;
const questionPath = /\/(?:filter|count|history|paginate)$/;
const notedPath = /^\/logs\/$|^\/v2\/concurrency_limits\/leases\/[^/]+\/renew$/;
const anyId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A request's form and its elements, in the order in which they are in it. */
export function elementsOf(asked: AskedRequest): { readonly form: Form; readonly elements: readonly RestElement[] } {
  const { method, body } = asked;
  const [path = ""] = placeOf(asked.path).split("?");
  if (method === "POST" && path === "/events") return { form: "events", elements: [body].flat().flatMap(eventOf) };
  const [, , run] = (method === "POST" ? statePath.exec(path) : null) ?? [];
  const change = run === undefined ? null : stateChange.safeParse(body);
  if (run !== undefined && change?.success) return { form: "state", elements: [stateOf(path, run, change.data)] };
  const form = formOf(method, path);
  return { form, elements: [wholeOf(asked, form)] };
}

function formOf(method: string, path: string): Form {
  if (method === "POST" && notedPath.test(path)) return "noted";
  return method === "GET" || method === "HEAD" || questionPath.test(path) ? "question" : "change";
}

/** By type and name: messages hold times. */
function stateOf(path: string, run: string, { state }: z.infer<typeof stateChange>): RestElement {
  const { type, name, message, state_details: details } = state;
  const said = message == null || message === "" ? "" : ` (${message})`;
  const kind = `POST ${path.replaceAll(anyId, "ID")}`;
  return {
    key: `${path} ${type} ${name ?? ""}`,
    title: shortened(`POST ${path}: ${name ?? type}${said}`),
    ...{ kind, run, exact: null, isPassing: false },
    mark: details?.transition_id ?? null,
    owner: details?.transition_id ?? null,
  };
}

/** None of a heartbeat, and of what else is no state of a task run. */
function eventOf(sent: unknown): readonly RestElement[] {
  const parsed = taskRunEvent.safeParse(sent);
  if (!parsed.success) return [];
  const { id, event, resource } = parsed.data;
  const run = resource["prefect.resource.id"].replace(/^prefect\.task-run\./, "");
  const { "prefect.resource.name": name, "prefect.state-message": message } = resource;
  const said = message === "" ? "" : ` (${message})`;
  return [
    {
      key: `/events ${run} ${event}`,
      title: shortened(`POST /events: ${event} of ${name === "" ? "" : `${name}, `}${run}${said}`),
      ...{ kind: "POST /events", run, exact: null, mark: id ?? null, owner: null },
      isPassing: event === "prefect.task-run.Running",
    },
  ];
}

/** What an artifact shows is as little compared as what a log says. */
const isArtifact = (place: string): boolean => place.startsWith("/artifacts/") && !place.endsWith("/filter");

function wholeOf({ method, path, body }: AskedRequest, form: Form): RestElement {
  const place = placeOf(path);
  const shown = isArtifact(place) ? { ...Object(body), data: undefined } : body;
  const isCompared = form !== "noted" && body !== null;
  const question = `${method} ${place}`;
  return {
    key: isCompared ? `${question} ${withoutChance(shown)}` : question,
    title: shortened(isCompared ? `${question} ${sortedJson(shown)}` : question),
    kind: `${method} ${place.split("?", 1)[0]?.replaceAll(anyId, "ID")}`,
    ...{ run: null, mark: null, owner: null, isPassing: false },
    exact: form === "question" && body !== null ? `${question} exactly ${sortedJson(body)}` : null,
  };
}
