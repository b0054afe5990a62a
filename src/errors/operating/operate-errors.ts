import { row } from "../define.ts";

const most = 5;

/** So many names as are worth reading. */
const some = (names: readonly string[]): string =>
  `${names.slice(0, most).join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;

/** Errors of looking after flow runs (`src/run/operate/`). */
export const operateErrors = {
  FLOW_RUN_UNKNOWN: row<{ run: string; api: string; meant: string | undefined }>(
    "usage",
    ({ run, api, meant }) =>
      `The API at ${api} has no flow run "${run}".${meant === undefined ? "" : ` Did you mean "${meant}"?`} Runs are listed by: flow-runner runs.`,
  ),
  FLOW_RUN_UNFINISHED: row<{ run: string; state: string }>(
    "usage",
    ({ run, state }) =>
      `Flow run "${run}" is ${state}: it is not over, so there is nothing to retry. Wait for its end (flow-runner logs --follow), or cancel it first.`,
  ),
  FLOW_RUN_UNSTARTABLE: row<{ run: string }>(
    "usage",
    ({ run }) =>
      `Flow run "${run}" is of no deployment: Prefect 3 gives only runs of deployments to a worker, so a retry would never begin. Start a run of a deployment with: flow-runner create-run.`,
  ),
  NOTHING_TO_RETRY: row<{ run: string; state: string }>(
    "usage",
    ({ run, state }) =>
      `Flow run "${run}" is ${state} and none of its task runs failed or was cancelled: there is nothing to retry. Start another run with: flow-runner create-run.`,
  ),
  FLOW_RUN_CHANGED: row<{ run: string; reason: string }>(
    "failed",
    ({ run, reason }) =>
      `Flow run "${run}" has changed while it was being retried: ${reason}. Look at it again (flow-runner runs) and try once more.`,
  ),
  SLUGS_DIFFER: row<{ file: string; run: string; added: readonly string[]; removed: readonly string[] }>(
    "usage",
    ({ file, run, added, removed }) => {
      const only = [
        ...(added.length > 0 ? [`only ${file} has ${some(added)}`] : []),
        ...(removed.length > 0 ? [`only the run has ${some(removed)}`] : []),
      ];
      return `Flow run "${run}" cannot go on with ${file}, whose tasks are not the run's: ${only.join("; ")}. The states of a run belong to its tasks' slugs: keep these as they are (name, tags and order of the tasks), or register the flow and create another run.`;
    },
  ),
  FLOW_RUN_SUCCESSFUL: row<{ run: string }>(
    "usage",
    ({ run }) =>
      `Flow run "${run}" has succeeded: there is nothing to resume. Start another run with: flow-runner create-run.`,
  ),
  TASK_INPUT_UNKNOWN: row<{ task: string; name: string; names: readonly string[] }>(
    "usage",
    ({ task, name, names }) =>
      `Task ${task} has no input "${name}" that could be set. ${names.length === 0 ? "It has none." : `Its inputs are ${names.join(", ")}.`}`,
  ),
  DEBUG_OPTIONS_EXCLUDE: row<{ options: readonly string[]; why: string }>(
    "usage",
    ({ options, why }) => `${options.join(" and ")} exclude each other: ${why}. Give one of them.`,
  ),
  DEBUG_OPTION_ALONE: row<{ option: string }>(
    "usage",
    ({ option }) => `${option} is for what runs again here: name that by --task 'NAME[INDEX]' or --from.`,
  ),
  ONLY_TASK_UNKNOWN: row<{ flow: string; task: string; known: readonly string[]; meant: string | undefined }>(
    "usage",
    ({ flow, task, known, meant }) =>
      `Flow "${flow}" has no task "${task}". ${meant === undefined ? `Its tasks are ${known.join(", ")}.` : `Did you mean "${meant}"?`}`,
  ),
  TASK_RUN_NOT_IN_RUN: row<{ task: string; run: string; tasks: readonly string[]; meant: string | undefined }>(
    "usage",
    ({ task, run, tasks, meant }) =>
      `Flow run "${run}" has no task run "${task}". ${meant === undefined ? `Its tasks are ${tasks.join(", ")}.` : `Did you mean "${meant}"?`}`,
  ),
};
