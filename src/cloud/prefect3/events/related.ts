import type { FlowRunNames } from "../task-runs/run-book.ts";

type Resource = Readonly<Record<string, string>>;

/** What the events of a flow run are related to. The flow run is what ties a task run to it. */
export function relatedTo(names: FlowRunNames, tags: readonly string[]): readonly Resource[] {
  return [
    resource("flow-run", names.flowRunId, names.flowRunName),
    ...aroundFlowRun(names, [...new Set([...names.tags, ...tags])]),
  ];
}

/** The same for events of the flow run itself. */
export function aroundFlowRun(names: FlowRunNames, tags: readonly string[] = names.tags): readonly Resource[] {
  const { flowId, flowName, deploymentId } = names;
  const deployment = deploymentId === null ? [] : [resource("deployment", deploymentId)];
  // The API takes a hundred at most.
  return [resource("flow", flowId, flowName), ...deployment, ...tags.slice(0, 90).map((tag) => resource("tag", tag))];
}

const resource = (role: string, id: string, name?: string): Resource => ({
  "prefect.resource.id": `prefect.${role}.${id}`,
  "prefect.resource.role": role,
  ...(name === undefined ? {} : { "prefect.resource.name": name }),
});
