import { row } from "../define.ts";

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** Errors of writing and building a flow (`src/flow/`, `src/graph/`). */
export const flowErrors = {
  FLOW_CYCLE: row<{ flow: string; path: readonly string[] }>(
    "flow",
    ({ flow, path }) =>
      `Flow "${flow}" has a cycle: ${path.join(" -> ")}. Cycle found; flows must be acyclic: remove one of these edges.`,
  ),
  FLOW_NAME_INVALID: row<{ name: unknown }>(
    "flow",
    ({ name }) => `A flow needs a name that is a string and not empty, not ${JSON.stringify(name) ?? String(name)}.`,
  ),
  FLOW_OPTION_INVALID: row<{ flow: string; option: string; problem: string }>(
    "flow",
    ({ flow, option, problem }) => `Flow "${flow}": option ${option}: ${problem}`,
  ),
  FLOW_BUILD_ASYNC: row<{ flow: string }>(
    "flow",
    ({ flow }) =>
      `The build function of flow "${flow}" returned a promise. It only describes the flow and must be synchronous: ` +
      "move what has to be awaited into a task, or do it before flow() is called.",
  ),
  FLOW_BUILD_OVER: row<{ flow: string; what: string }>(
    "flow",
    ({ flow, what }) =>
      `${what} was called after the build function of flow "${flow}" had returned, for instance in a callback. ` +
      "A flow is complete when its build function returns: make the call in the function itself.",
  ),
  FLOW_NAME_DUPLICATE: row<{ name: string; places: readonly string[] }>(
    "flow",
    ({ name, places }) =>
      `There are ${places.length} flows named "${name}" (${places.join(", ")}). Flows that are saved together are told ` +
      "apart by their names: rename one of them.",
  ),
  NOT_IN_A_FLOW: row<{ what: string; instead: string }>(
    "flow",
    ({ what, instead }) => `${what} was called outside of a flow's build function. ${instead}`,
  ),
  PARAMETER_DUPLICATE: row<{ flow: string; parameter: string }>(
    "flow",
    ({ flow, parameter }) =>
      `Flow "${flow}" has two parameters named "${parameter}". Declare it once and use the reference twice.`,
  ),
  PARAMETER_INVALID: row<{ parameter: string; problem: string }>(
    "flow",
    ({ parameter, problem }) => `Parameter "${parameter}": ${problem}`,
  ),
  SCHEDULE_INVALID: row<{ what: string; problem: string }>("flow", ({ what, problem }) => `${what}: ${problem}`),
  TASK_SLUG_TAKEN: row<{ flow: string; slug: string }>(
    "flow",
    ({ flow, slug }) =>
      `A task with the slug "${slug}" already exists in flow "${flow}". A parameter's slug is its name: rename one of the two.`,
  ),
  TASK_OPTION_INVALID: row<{ task: string; option: string; problem: string }>(
    "flow",
    ({ task, option, problem }) => `Task "${task}": option ${option}: ${problem}`,
  ),
  TASK_INPUTS_INVALID: row<{ task: string; problem: string }>(
    "flow",
    ({ task, problem }) => `Task "${task}": ${problem}`,
  ),
  GRAPH_TASK_UNKNOWN: row<{ flow: string; task: string; known: readonly string[] }>(
    "flow",
    ({ flow, task, known }) =>
      `There is no task "${task}" in flow "${flow}". Its tasks are: ${known.length === 0 ? "none" : list(known)}.`,
  ),
  REFERENCE_TASK_UNKNOWN: row<{ flow: string; tasks: readonly string[]; known: readonly string[] }>(
    "flow",
    ({ flow, tasks, known }) =>
      `Flow "${flow}": the reference tasks ${list(tasks)} are not in the flow. Its tasks are: ${known.length === 0 ? "none" : list(known)}.`,
  ),
  NOT_A_RESULT: row<{ flow: string; given: string }>(
    "flow",
    ({ flow, given }) =>
      `Flow "${flow}": a task's result was expected (what calling a task or parameter() returns), but a value of type ${given} was given.`,
  ),
  REFERENCE_FOREIGN: row<{ flow: string; slug: string; owner: string }>(
    "flow",
    ({ flow, slug, owner }) =>
      `Flow "${flow}" uses the result of "${slug}", a task of flow "${owner}". A flow can only use the results of its own tasks: ` +
      "call the task in this flow too, or persist the result and read it in a task.",
  ),
  REFERENCE_AS_VALUE: row<{ slug: string }>(
    "flow",
    ({ slug }) =>
      `The result of task "${slug}" was used as a value while the flow was being built. There it stands for a value that only ` +
      "exists when the flow runs: pass it to a task as an input and compute with it there.",
  ),
  CONTEXT_OUTSIDE_RUN: row<{ key: string }>(
    "failed",
    ({ key }) =>
      `context.${key} was read while no task was running. The context exists in the body of a task and in what it calls: ` +
      "read it there (in a test: runInContext).",
  ),
  SIGNAL_TIME_INVALID: row<{ signal: string; option: string; given: string }>(
    "failed",
    ({ signal, option, given }) =>
      `signals.${signal}(): option ${option} is not a time: ${given}. Give a valid Date as "at", or milliseconds or a text ` +
      'like "10s", "5m", "1h" as "after".',
  ),
  NOT_DONE_WHILE_LOADING: row<{ flow: string; verb: string; read: string }>(
    "flow",
    ({ flow, verb, read }) =>
      `${verb}() of flow "${flow}" did nothing, since its module was being loaded, but "${read}" of its outcome was used. ` +
      `Call it in another module, or under "if (import.meta.main)".`,
  ),
  RUN_OPTION_UNKNOWN: row<{ flow: string; name: string; problem: string }>(
    "usage",
    ({ flow, name, problem }) =>
      `run() of flow "${flow}": option ${name}: ${problem} A parameter of the flow goes under parameters: ` +
      `run({ parameters: { ${name}: … } }).`,
  ),
  FLOW_AMBIGUOUS: row<{ path: string; flows: readonly string[]; wanted: string | null }>(
    "usage",
    ({ path, flows, wanted }) =>
      wanted === null
        ? `${path} holds ${flows.length} flows (${list(flows)}). Say which one: Flow.load(path, { flow: ${list(flows.slice(0, 1))} }).`
        : `${path} holds no flow named "${wanted}". It has: ${list(flows)}.`,
  ),
};
