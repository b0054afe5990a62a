import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Answer } from "../http/answer.ts";
import { readBody } from "../http/read-body.ts";
import type { RequestContext } from "../mutations/context.ts";
import { act, cancelRun, pageError, retryRun, startRun } from "./actions.ts";
import type { EventStream } from "./follow/event-stream.ts";
import { eventStreamHeaders } from "./follow/event-stream.ts";
import { followRun } from "./follow/follow-run.ts";
import { followRuns } from "./follow/follow-runs.ts";
import type { Look, Watch } from "./follow/watch.ts";
import { mostStateTimes } from "./view.ts";
import { newestLines } from "./views/log-lines.ts";
import { stateTimesOf } from "./views/run-view.ts";
import { runnableFlows } from "./views/runnable-flows.ts";
import { runsFilter } from "./views/runs-view.ts";
import { taskRunDetail } from "./views/task-run-view.ts";

const path = /^\/page\/(?<what>runs|flows|task-runs)(?:\/(?<id>[0-9a-f-]{36})(?:\/(?<more>logs|cancel|retry))?)?$/;

/** Answers what the web page asks; see `view.ts`. */
export function pageRoutes(context: RequestContext, watch: Watch): (request: IncomingMessage) => Promise<Answer> {
  const { database, tenantId, now } = context;
  const stream = (follow: (stream: EventStream) => Look): Answer => ({
    ...{ status: 200, body: "", headers: eventStreamHeaders },
    delivery: { kind: "events", begin: (response) => watch.follow(response, follow) },
  });

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
    const { what, id, more } = path.exec(pathname)?.groups ?? {};
    const resource = [what, id === undefined ? null : "ID", more].filter(Boolean).join("/");
    switch (`${request.method} ${resource}`) {
      case "GET runs": {
        const { flow, limit } = Object.fromEntries(searchParams);
        const filter = runsFilter.safeParse({ state: searchParams.getAll("state"), flow, limit });
        if (!filter.success) return pageError(400, z.prettifyError(filter.error));
        return stream(followRuns(database, filter.data, now));
      }
      case "GET runs/ID": {
        const last = request.headers["last-event-id"];
        return stream(followRun(database, tenantId, String(id), typeof last === "string" ? last : null, now));
      }
      case "GET runs/ID/logs": {
        const before = z.coerce.number().int().positive().safeParse(searchParams.get("before"));
        if (!before.success) return pageError(400, "before has to be the number of a line");
        return { status: 200, body: newestLines(database, "flow_run", String(id), before.data) };
      }
      case "GET task-runs/ID": {
        const detail = taskRunDetail(database, String(id));
        return detail === null ? pageError(404, `There is no task run ${id}.`) : { status: 200, body: detail };
      }
      case "GET task-runs": {
        const ids = z.array(z.uuid()).min(1).max(mostStateTimes).safeParse(searchParams.getAll("id"));
        if (!ids.success)
          return pageError(400, `id has to be a task run's, and there may be ${mostStateTimes} of them`);
        return { status: 200, body: stateTimesOf(database, ids.data) };
      }
      case "GET flows":
        return { status: 200, body: runnableFlows(database) };
      case "POST runs":
        return change(request, (sent) => act(context, () => startRun(context, sent)));
      case "POST runs/ID/cancel":
        return change(request, () => act(context, () => cancelRun(context, String(id))));
      case "POST runs/ID/retry":
        return change(request, () => act(context, () => retryRun(context, String(id))));
    }
    return pageError(404, `There is nothing at ${request.method} ${pathname}.`);
  };
}

/** A form on another page can send neither this type nor this header without asking, and is never told yes. */
async function change(request: IncomingMessage, work: (sent: unknown) => Answer): Promise<Answer> {
  const isOurs = request.headers["x-flow-runner"] === "page";
  if (!isOurs || !/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    request.resume();
    return pageError(400, "Send JSON, with the headers Content-Type: application/json and X-Flow-Runner: page.");
  }
  const body = await readBody(request);
  if (typeof body !== "string") return body;
  try {
    return work(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) return pageError(400, `The body is not JSON: ${error.message}`);
    throw error;
  }
}
