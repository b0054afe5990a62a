import { z } from "zod";
import type { CallOptions } from "../../port/call.ts";
import type { PauseInput, PauseRequest } from "../../port/pauses.ts";
import { type RestClient, rejectedWith } from "../client/rest-client.ts";
import { type Keyset, keysetOf } from "./keyset.ts";

/**
 * Stores what a pause asks for, from which the pages make their form. Before the run is paused: who resumes it at once is
 * to find it. False: there is one under these keys already.
 */
export async function askForInput(
  client: RestClient,
  flowRunId: string,
  keyset: Keyset,
  { schema, description }: PauseInput,
  options?: CallOptions,
): Promise<boolean> {
  try {
    await writeInput(client, flowRunId, keyset.schema, schema, options);
    if (description !== null) await writeInput(client, flowRunId, keyset.description, description, options);
    return true;
  } catch (error) {
    if (!rejectedWith(error, 409)) throw error;
    return false;
  }
}

/** The same where an earlier pause under these keys has left its own, its answer too: the run was tried again since. */
export async function askAnew(
  client: RestClient,
  flowRunId: string,
  keyset: Keyset,
  input: PauseInput,
  options?: CallOptions,
): Promise<void> {
  for (const key of Object.values(keyset)) await deleteInput(client, flowRunId, key, options);
  await askForInput(client, flowRunId, keyset, input, options);
}

/** What the run was resumed with; undefined: with nothing. */
export async function givenInput(
  client: RestClient,
  flowRunId: string,
  pause: Pick<PauseRequest, "suspend" | "key">,
  options?: CallOptions,
): Promise<unknown> {
  const path = inputPath(flowRunId, keysetOf(pause).response);
  try {
    return await client.send({ operation: "the input of the pause", method: "GET", path, shape: z.unknown() }, options);
  } catch (error) {
    if (rejectedWith(error, 404)) return undefined;
    throw error;
  }
}

async function writeInput(
  client: RestClient,
  flowRunId: string,
  key: string,
  value: unknown,
  options?: CallOptions,
): Promise<void> {
  // The API keeps text: Prefect's clients write JSON there.
  const body = { key, value: JSON.stringify(value) };
  const path = `/flow_runs/${flowRunId}/input`;
  await client.send({ operation: "what the pause asks for", method: "POST", path, body, shape: z.unknown() }, options);
}

async function deleteInput(client: RestClient, flowRunId: string, key: string, options?: CallOptions): Promise<void> {
  const path = inputPath(flowRunId, key);
  try {
    await client.send(
      { operation: "an input of an earlier pause", method: "DELETE", path, shape: z.unknown() },
      options,
    );
  } catch (error) {
    if (!rejectedWith(error, 404)) throw error;
  }
}

const inputPath = (flowRunId: string, key: string): string =>
  `/flow_runs/${flowRunId}/input/${encodeURIComponent(key)}`;
