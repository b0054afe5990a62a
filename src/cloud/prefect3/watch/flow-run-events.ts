import { z } from "zod";
import { toWireTime } from "../../../state/index.ts";
import type { RestClient } from "../client/rest-client.ts";

/** Told what is heard of a flow run. */
export interface FlowRunListener {
  /** The subscription stands: what happens is heard within milliseconds. */
  onOpen(): void;
  /** @param name - `prefect.flow-run.Cancelling` */
  onEvent(name: string): void;
  onClose(): void;
}

/** The event of a run that is Running: one that was paused goes on. */
export const goesOn = "prefect.flow-run.Running";
/** The events by which others say that a flow run is not to go on. */
const stops = ["Cancelling", "Cancelled", "Paused", "Suspended"].map((name) => `prefect.flow-run.${name}`);

const messageShape = z.object({ type: z.string(), event: z.object({ event: z.string() }).optional() });
const minute = 60_000;
const year = 365 * 24 * 60 * minute;

/**
 * Subscribes to the events of a flow run over a WebSocket, `/events/out`. Those of the last minute are told as well, so
 * that nothing is lost between two subscriptions.
 *
 * @returns ends it
 */
export function subscribe(client: RestClient, flowRunId: string, now: number, listener: FlowRunListener): () => void {
  let end = (): void => listener.onClose();
  let isEnded = false;
  client.socket("/events/out").then(
    (socket) => {
      if (!isEnded) listen(client, socket, flowRunId, now, listener);
      end = () => socket.close();
      if (isEnded) end();
    },
    () => listener.onClose(),
  );
  return () => {
    isEnded = true;
    end();
  };
}

function listen(
  client: RestClient,
  socket: WebSocket,
  flowRunId: string,
  now: number,
  listener: FlowRunListener,
): void {
  const { key, authString } = client.credentials;
  const send = (message: object): void => socket.send(JSON.stringify(message));
  socket.addEventListener("open", () => send({ type: "auth", token: authString ?? key }));
  socket.addEventListener("message", ({ data }) => {
    const { type, event } = messageShape.catch({ type: "" }).parse(parsed(data));
    if (type === "auth_success") {
      send({ type: "filter", filter: filterFor(flowRunId, now) });
      listener.onOpen();
    }
    if (type === "event") listener.onEvent(event?.event ?? "");
  });
  socket.addEventListener("error", () => socket.close());
  socket.addEventListener("close", () => listener.onClose());
}

const filterFor = (flowRunId: string, now: number): object => ({
  // Without an end in the future nothing is ever told.
  occurred: { since: toWireTime(now - minute), until: toWireTime(now + year) },
  event: { name: [...stops, goesOn] },
  resource: { id: [`prefect.flow-run.${flowRunId}`] },
});

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
