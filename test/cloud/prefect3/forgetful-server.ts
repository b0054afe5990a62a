import type { Event3 } from "../../../src/cloud/prefect3/events/event.ts";
import type { Answer, Asked } from "./scripted-server.ts";

interface Recorded {
  readonly id: string;
  readonly name: string;
  readonly task_key: string;
  readonly dynamic_key: string;
  readonly state: { readonly id: string; readonly type: string; readonly timestamp: string };
}

export interface Fate {
  /** Requests, from 0, that find nobody: it is started again, and what it held in its memory is gone. */
  readonly crashes?: readonly number[];
  /** Requests before which it records what is in its memory. */
  readonly records?: readonly number[];
  /** What other requests are answered in its place. */
  readonly instead?: Readonly<Record<number, Answer>>;
}

/**
 * What a server of Prefect 3 does with events: it answers once they are in its memory, and records them later. Each task
 * run has the latest of its states, and the same event is recorded once.
 */
export class ForgetfulServer {
  /** Paths, in order; those that found nobody are left out. */
  readonly asked: string[] = [];
  readonly recorded = new Map<string, Recorded>();
  readonly #fate: Fate;
  #requests = 0;
  #memory: Event3[] = [];

  constructor(fate: Fate = {}) {
    this.#fate = fate;
  }

  record(): void {
    for (const event of this.#memory.splice(0)) {
      const { "prefect.resource.id": resource = "", "prefect.state-type": type = "" } = event.resource;
      const id = resource.replace("prefect.task-run.", "");
      if ((this.recorded.get(id)?.state.timestamp ?? "") >= event.occurred) continue;
      const state = { id: event.id, type, timestamp: event.occurred };
      this.recorded.set(id, { ...(event.payload.task_run as Omit<Recorded, "id" | "state">), id, state });
    }
  }

  readonly answer = ({ path = "", body: text }: Asked): Answer => {
    const { crashes = [], records = [], instead = {} } = this.#fate;
    const request = this.#requests++;
    if (records.includes(request)) this.record();
    if (crashes.includes(request)) {
      this.#memory = [];
      return { status: 502 };
    }
    const other = instead[request];
    if (other !== undefined) return other;
    const at = path.replace("/api", "");
    this.asked.push(at);
    const body = text === "" ? null : JSON.parse(text);
    if (at === "/events") {
      this.#memory.push(...body);
      return { status: 204 };
    }
    if (at === "/task_runs/filter") {
      const ids: readonly string[] = body.task_runs.id.any_;
      return { status: 200, body: ids.flatMap((id) => this.recorded.get(id) ?? []) };
    }
    if (at.endsWith("/set_state"))
      return { status: 201, body: { status: "ACCEPT", state: { id: "s-1", ...body.state }, details: {} } };
    if (at.startsWith("/flows/")) return { status: 200, body: { id: "f-1", name: "climate" } };
    const state = { id: "s-0", type: "PENDING", name: "Pending" };
    return { status: 200, body: { id: "r-1", name: "quick-fox", flow_id: "f-1", run_count: 0, state } };
  };
}
