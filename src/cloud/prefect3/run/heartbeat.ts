import { toWireTime } from "../../../state/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { RestClient } from "../client/rest-client.ts";
import { aroundFlowRun } from "../events/related.ts";
import { sendEvents } from "../events/send-events.ts";
import type { FlowRunNames } from "../task-runs/run-book.ts";

/** Prefect 3: an event that automations can wait for, to find runs whose process is gone. Its server does nothing by itself. */
export async function sendHeartbeat(
  client: RestClient,
  names: FlowRunNames,
  now: number,
  options?: CallOptions,
): Promise<void> {
  const event = {
    id: crypto.randomUUID(),
    occurred: toWireTime(now),
    event: "prefect.flow-run.heartbeat",
    resource: {
      "prefect.resource.id": `prefect.flow-run.${names.flowRunId}`,
      "prefect.resource.name": names.flowRunName,
    },
    related: aroundFlowRun(names),
    payload: {},
  };
  await sendEvents(client, [event], options);
}
