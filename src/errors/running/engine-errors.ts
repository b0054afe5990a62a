import { row } from "../define.ts";

function instead(call: string, hasApi: boolean): string {
  if (call === "runDeployment") return " Deploy the flow there, or call the other flow's tasks in this one.";
  return hasApi
    ? " There a task pauses by signals.pause() or by triggers.manualOnly."
    : " Give a test of the body a context of its own (runInContext).";
}

/** Errors of running a flow (`src/engine/`, `src/run/`). */
export const engineErrors = {
  PARAMETER_MISSING: row<{ flow: string; names: readonly string[] }>(
    "usage",
    ({ flow, names }) =>
      `Flow "${flow}" did not receive its required parameter${names.length === 1 ? "" : "s"} ${names.join(", ")}. Give a value (-p ${names[0]}=…, or in the flow run's parameters), or give the parameter a default.`,
  ),
  PARAMETER_UNKNOWN: row<{
    flow: string;
    names: readonly string[];
    known: readonly string[];
    /** Those of the known that look like them. */
    meant: readonly string[];
  }>(
    "usage",
    ({ flow, names, known, meant }) =>
      `Flow "${flow}" has no parameter ${names.join(", ")}; it has ${known.length === 0 ? "none" : known.join(", ")}.${meant.length === 0 ? "" : ` Did you mean ${meant.join(", ")}?`}`,
  ),
  PARAMETER_VALUE_INVALID: row<{ flow: string; problems: readonly string[] }>(
    "usage",
    ({ flow, problems }) =>
      `Flow "${flow}" cannot run with these parameters: ${problems.join("; ").replace(/\.$/, "")}. Give values that the parameters' schemas take.`,
  ),
  TASK_NOT_FOUND: row<{ flow: string; slug: string; known: readonly string[] }>(
    "usage",
    ({ flow, slug, known }) => `Flow "${flow}" has no task "${slug}"; it has ${known.join(", ")}.`,
  ),
  PAUSE_REFUSED: row<{ verb: "paused" | "suspended"; reason: string }>(
    "failed",
    // The beginning is Prefect 3's.
    ({ verb, reason }) => `Flow run cannot be ${verb}: ${reason.replace(/\.$/, "")}.`,
  ),
  PAUSE_TIMED_OUT: row(
    "failed",
    // Prefect 3's sentence.
    () => "Flow run was paused and never resumed.",
  ),
  PAUSE_INVALID: row<{ call: string; problem: string }>("failed", ({ call, problem }) => `${call}(): ${problem}`),
  RUN_DEPLOYMENT_INVALID: row<{ deployment: string; problem: string }>(
    "failed",
    ({ deployment, problem }) => `runDeployment("${deployment}"): ${problem}`,
  ),
  PREFECT3_LACKING: row<{ call: string; hasApi: boolean }>(
    "failed",
    ({ call, hasApi }) =>
      `${call}() needs an API of Prefect 3, and ${hasApi ? "the run's API is one of Prefect 0.7 or 1.x" : "the run has no API"}.${instead(call, hasApi)}`,
  ),
  TASKS_DIFFER: row<{ flow: string; missing: readonly string[] }>(
    "flow",
    ({ flow, missing }) =>
      `The API has no task run for ${missing.slice(0, 5).join(", ")}${missing.length > 5 ? ` and ${missing.length - 5} more` : ""}: the registration of flow "${flow}" was cut off, or the artifact is not the one that was registered. Register the flow again and create a new run, or put the registered artifact in place.`,
  ),
  FLOW_NOT_HERE: row<{ flow: string; file: string; here: readonly string[] }>("flow", ({ flow, file, here }) => {
    const others = here.length === 0 ? "no flow is here" : `here are: ${here.map((name) => `"${name}"`).join(", ")}`;
    return `Flow "${flow}" is not here: it was registered as ${file}, and there is no such file; ${others}. Build the image with this flow, or register the flow with the image that holds it.`;
  }),
  STORAGE_UNREADABLE: row<{ flow: string; reason: string }>(
    "flow",
    ({ flow, reason }) =>
      `The storage that flow "${flow}" was registered with says nothing usable about where its artifact is: ${reason}. Register the flow again.`,
  ),
};
