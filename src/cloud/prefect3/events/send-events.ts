import { z } from "zod";
import type { CallOptions } from "../../port/call.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import type { Event3 } from "./event.ts";

/** Measured: above it only memory grows. The API itself takes some thousands. */
const mostAtOnce = 200;
const mostBytes = 2_000_000;

/** An event that the API does not take, and why. */
export interface RefusedEvent {
  readonly event: Event3;
  readonly reason: string;
}

/**
 * Sends events, in as few requests as it can; each request has an answer for all that is in it. Resolves with those that
 * the API does not want: one of them makes it refuse all that came with it, which go again without.
 *
 * @throws FlowRunnerError those of `RestClient`, but for judgements of an event
 */
export async function sendEvents(
  client: RestClient,
  events: readonly Event3[],
  options: CallOptions = {},
): Promise<readonly RefusedEvent[]> {
  const refused: RefusedEvent[] = [];
  for (const batch of batches(events)) refused.push(...(await sendBatch(client, batch, options)));
  return refused;
}

async function sendBatch(
  client: RestClient,
  batch: readonly Event3[],
  options: CallOptions,
): Promise<readonly RefusedEvent[]> {
  const operation = "a batch of events";
  try {
    await client.send({ operation, method: "POST", path: "/events", body: batch, shape: z.unknown() }, options);
    return [];
  } catch (error) {
    if (!rejectedWith(error, 400, 413, 422)) throw error;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) return [{ event: only, reason: error.message }];
    const middle = Math.ceil(batch.length / 2);
    const first = await sendBatch(client, batch.slice(0, middle), options);
    return [...first, ...(await sendBatch(client, batch.slice(middle), options))];
  }
}

function* batches(events: readonly Event3[]): Generator<readonly Event3[]> {
  let batch: Event3[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = sizeOf(event);
    if (batch.length === mostAtOnce || (batch.length > 0 && bytes + size > mostBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** Roughly, and cheaply: what makes an event large is its result or its inputs. */
function sizeOf({ payload }: Event3): number {
  const { validated_state: state, task_run: run } = payload as {
    validated_state?: { data?: unknown };
    task_run?: object;
  };
  const inputs = run !== undefined && "task_inputs" in run ? run.task_inputs : null;
  return 1_500 + Buffer.byteLength(JSON.stringify([state?.data ?? null, inputs]));
}
