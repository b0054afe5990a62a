import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { ArtifactChange } from "../../flow/index.ts";
import type { CallOptions } from "../port/call.ts";
import type { NewArtifact } from "../port/prefect3.ts";
import { type RestClient, rejectedWith } from "./client/rest-client.ts";

const created = z.object({ id: z.string() });

/**
 * Resolves with its id. It may be stored twice where an answer is lost, which shows as one more version of it; a task that
 * fails for the sake of a report would be worse.
 */
export async function createArtifact(
  client: RestClient,
  { flowRunId, taskRunId, ...artifact }: NewArtifact,
  options?: CallOptions,
): Promise<string> {
  const body = { ...artifact, flow_run_id: flowRunId, task_run_id: taskRunId };
  const operation = "an artifact";
  const { id } = await client.send({ operation, method: "POST", path: "/artifacts/", body, shape: created }, options);
  return id;
}

/** @throws FlowRunnerError `RUN_ARTIFACT_INVALID` where there is no such artifact */
export async function updateArtifact(
  client: RestClient,
  id: string,
  change: ArtifactChange,
  options?: CallOptions,
): Promise<void> {
  const path = `/artifacts/${encodeURIComponent(id)}`;
  const request = { operation: "the change of an artifact", path, body: change, shape: z.unknown() };
  try {
    await client.send({ ...request, method: "PATCH" }, options);
  } catch (error) {
    // An id that is no UUID is 422.
    if (!rejectedWith(error, 404, 422)) throw error;
    throw new FlowRunnerError("RUN_ARTIFACT_INVALID", {
      type: "progress",
      problem: `the API has none with id "${id}"`,
    });
  }
}
