import type { Database } from "../../database/database.ts";
import type { FlowParameter } from "../../rules/serialized-flow.ts";
import type { RunnableFlow } from "../view.ts";

/** The newest version of each flow, with the parameters that a run of it may be given. */
export function runnableFlows(database: Database): RunnableFlow[] {
  const rows = database.all(
    `SELECT f.id, f.name, p.name AS project, f.version, f.parameters, g.default_parameters AS defaults
     FROM flow f JOIN project p ON p.id = f.project_id JOIN flow_group g ON g.id = f.flow_group_id
     WHERE f.archived = 0 ORDER BY f.name, p.name, f.version DESC`,
  );
  return rows.map(({ id, name, project, version, parameters, defaults }) => {
    const ofGroup: Readonly<Record<string, unknown>> = JSON.parse(String(defaults));
    const declared: readonly FlowParameter[] = JSON.parse(String(parameters));
    return {
      ...{ id: String(id), name: String(name), project: String(project), version: Number(version) },
      parameters: declared.map((each) => ({
        name: each.name,
        required: each.required && !Object.hasOwn(ofGroup, each.name),
        default: ofGroup[each.name] ?? each.default ?? null,
      })),
    };
  });
}
