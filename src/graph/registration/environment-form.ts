import type { EnvironmentSpec } from "../graph.ts";
import type { FlowForm } from "./form.ts";

/** Prefect 0.7: those that its schema knows; any other is a class of the author's own. */
const known: ReadonlySet<string> = new Set([
  "DaskKubernetesEnvironment",
  "Environment",
  "FargateTaskEnvironment",
  "KubernetesJobEnvironment",
  "LocalEnvironment",
  "RemoteEnvironment",
]);

/** An environment in Prefect's form. What it does comes with the artifact: the form is for agents and people to see. */
export function environmentForm(spec: EnvironmentSpec, labels: string[], version: string): FlowForm["environment"] {
  // Prefect 0.7: a class of the author's own is known by this name.
  const type = spec.custom || !known.has(spec.type) ? "CustomEnvironment" : spec.type;
  return { type, ...(type === "RemoteEnvironment" ? executorForm(spec.executor) : {}), labels, __version__: version };
}

/** Prefect 0.7 names an executor by its dotted path. */
function executorForm(executor: unknown) {
  const { type, ...kwargs } = executor as { type: string; [option: string]: unknown };
  return { executor: type.includes(".") ? type : `prefect.engine.executors.${type}`, executor_kwargs: kwargs };
}
