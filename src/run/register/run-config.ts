import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { RegistrationOptions } from "../../graph/index.ts";

/** Prefect 1.x: the run configs that its agents and its schema know. */
const types = ["UniversalRun", "LocalRun", "DockerRun", "KubernetesRun", "ECSRun", "VertexRun"] as const;

const shape = z.looseObject({
  type: z.enum(types),
  env: z.record(z.string(), z.string()).nullish(),
  labels: z.array(z.string()).exactOptional(),
});

/** How agents of Prefect 1.x run a flow: `{ type: "KubernetesRun", cpu_limit: "1" }`, its options by Prefect's names. */
export interface RunConfig {
  readonly type: (typeof types)[number];
  /** Environment variables of the run. */
  readonly env?: Readonly<Record<string, string>> | null | undefined;
  readonly labels?: readonly string[];
  readonly [option: string]: unknown;
}

/**
 * The run config to register: the one given, and environment variables that were given beside it.
 *
 * @throws FlowRunnerError `RUN_CONFIG_INVALID`
 */
export function runConfigForm(
  given: unknown,
  env: Readonly<Record<string, string>>,
): NonNullable<RegistrationOptions["runConfig"]> {
  const parsed = shape.safeParse(given ?? { type: "UniversalRun" });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") ?? "";
    throw new FlowRunnerError("RUN_CONFIG_INVALID", { reason: `${place === "" ? "" : `${place}: `}${issue?.message}` });
  }
  const all = { ...parsed.data.env, ...env };
  return { ...parsed.data, env: Object.keys(all).length === 0 ? null : all };
}
