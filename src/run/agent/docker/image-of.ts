import { z } from "zod";
import type { StartableRun } from "../../../cloud/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";

const storageSchema = z.looseObject({
  type: z.literal("Docker"),
  registry_url: z.string().nullish(),
  image_name: z.string(),
  image_tag: z.string(),
});

const runConfigSchema = z.looseObject({
  type: z.enum(["UniversalRun", "DockerRun"]),
  env: z.record(z.string(), z.coerce.string()).nullish(),
  image: z.string().nullish(),
});

/** The image of a flow run, and what its run config adds to the environment. */
export interface RunImage {
  readonly image: string;
  /** Null: it is on this machine alone. */
  readonly registry: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds the image that a flow run is started from: its storage's, or the run config's. Prefect 1.4.1: `get_flow_image`.
 *
 * @throws FlowRunnerError `STORAGE_NOT_DOCKER`, `RUN_CONFIG_UNSUPPORTED`
 */
export function imageOf({ flow, runConfig }: Pick<StartableRun, "flow" | "runConfig">): RunImage {
  const config = runConfigSchema.nullish().safeParse(runConfig);
  if (!config.success) {
    const type = z.looseObject({ type: z.string() }).safeParse(runConfig).data?.type ?? "that cannot be read";
    throw new FlowRunnerError("RUN_CONFIG_UNSUPPORTED", { type, supported: "UniversalRun and DockerRun" });
  }
  const env = config.data?.env ?? {};
  const storage = storageSchema.safeParse(flow.storage);
  if (!storage.success) {
    const type = z.looseObject({ type: z.string() }).safeParse(flow.storage).data?.type ?? "nothing";
    throw new FlowRunnerError("STORAGE_NOT_DOCKER", { flow: flow.name, storage: type });
  }
  const { registry_url: registry = null, image_name: name, image_tag: tag } = storage.data;
  return { image: `${registry ? `${registry}/` : ""}${name}:${tag}`, registry: registry || null, env };
}
