import { row } from "../define.ts";

const limits = (names: readonly string[]): string =>
  `${names.length === 1 ? "the limit" : "the limits"} "${names.join('", "')}"`;

const lackingLimits = {
  limit: "cannot be found",
  prefect3: "would be one of Prefect 3, and the run's API is one of Prefect 0.7 or 1.x",
  api: "would be one of Prefect 3, and the run has no API",
} as const;

/** Of a place that nobody knows, not of an answer about what was asked. */
function addressAdvice(url: string, status: number): string {
  if (status >= 400 && status !== 404 && status !== 405) return "";
  const advice = " Check that the address is that of the API itself";
  return /\/api\/*$/.test(url) ? `${advice}.` : `${advice}; Prefect 3's ends in /api.`;
}

/** Errors of talking to an API (`src/cloud/`) and of what it holds (`src/state/`). */
export const cloudErrors = {
  STATE_TYPE_UNKNOWN: row<{ owner: string; type: string }>(
    "api",
    ({ owner, type }) =>
      `The API says that ${owner} is in a state of the type "${type}", which this version of flow-runner does not know. Set it to another state, or run it with a newer flow-runner.`,
  ),
  STATE_MALFORMED: row<{ owner: string; problem: string; state: string }>(
    "api",
    ({ owner, problem, state }) =>
      `The API holds a state of ${owner} that cannot be read: ${problem}. It begins: ${state}. Set it to another state.`,
  ),
  API_URL_INVALID: row<{ url: string }>(
    "usage",
    ({ url }) =>
      `"${url}" is no address of an API: it must begin with http:// or https:// and name a host. Set PREFECT__CLOUD__API.`,
  ),
  API_CERTIFICATES_UNREADABLE: row<{ variable: string; path: string; problem: string }>(
    "usage",
    ({ variable, path, problem }) =>
      `${variable} names a file of certificates that cannot be read, ${path}: ${problem}. Mend the path or unset the variable.`,
  ),
  API_UNREACHABLE: row<{ url: string; problem: string; seconds: number }>(
    "api",
    ({ url, problem, seconds }) =>
      `The API at ${url} cannot be reached: ${problem}.${seconds > 0 ? ` Tried for ${seconds} s.` : ""} Check the address, the network and the proxy variables (HTTPS_PROXY, HTTP_PROXY, NO_PROXY).`,
  ),
  API_UNAUTHORIZED: row<{ url: string; problem: string; hasKey: boolean }>("api", ({ url, problem, hasKey }) =>
    hasKey
      ? `The API at ${url} does not accept this key: ${problem}. Set PREFECT__CLOUD__API_KEY to a key that is valid there (and PREFECT__CLOUD__TENANT_ID to its tenant).`
      : `The API at ${url} wants a key and none was given: ${problem}. Set PREFECT__CLOUD__API_KEY.`,
  ),
  API3_UNAUTHORIZED: row<{ url: string; problem: string; hasKey: boolean }>("api", ({ url, problem, hasKey }) =>
    hasKey
      ? `The API at ${url} does not accept these credentials: ${problem}. Set PREFECT_API_KEY to a key that is valid there, or PREFECT_API_AUTH_STRING to its user:password, which wins over a key.`
      : `The API at ${url} wants credentials and none were given: ${problem}. Set PREFECT_API_KEY or PREFECT_API_AUTH_STRING.`,
  ),
  API_REJECTED: row<{ url: string; status: number; problem: string; retryAfter?: number | null }>(
    "api",
    ({ url, status, problem }) =>
      `The API at ${url} rejected a request with HTTP ${status}: ${problem}.${addressAdvice(url, status)}`,
  ),
  API_REFUSED: row<{ operation: string; problem: string }>(
    "api",
    ({ operation, problem }) => `The API refused ${operation}: ${problem}.`,
  ),
  API_OPERATION_MISSING: row<{ url: string; operation: string; name: string; dialect: string }>(
    "api",
    ({ url, operation, name, dialect }) =>
      `The API at ${url} is one of Prefect ${dialect}, which has nothing for ${operation} (${name} of 1.x). Do without it, or use an API of Prefect 1.x; if it is one, set FLOW_RUNNER__DIALECT=1.x.`,
  ),
  DIALECT_3_LACKS: row<{ what: string }>(
    "usage",
    ({ what }) =>
      `There is no way to have ${what} with an API of Prefect 3 yet. Do without it, or use an API of Prefect 0.7 or 1.x.`,
  ),
  RUN_ARTIFACT_INVALID: row<{ type: string; problem: string }>(
    "usage",
    ({ type, problem }) => `No ${type} artifact: ${problem}.`,
  ),
  VARIABLES_LACKING: row<{ name: string; hasApi: boolean }>(
    "usage",
    ({ name, hasApi }) =>
      `Variable "${name}" cannot be had: ${hasApi ? "the run's API is one of Prefect 0.7 or 1.x, which has no variables" : "the run has no API, which would keep variables"}. Put it into the run's context (PREFECT__CONTEXT__VARIABLES__${name.toUpperCase()}=…), give a default, or use an API of Prefect 3.`,
  ),
  VARIABLE_INVALID: row<{ name: string; problem: string }>(
    "usage",
    ({ name, problem }) => `Variable "${name}" cannot be set: ${problem}.`,
  ),
  VARIABLE_EXISTS: row<{ name: string }>(
    "usage",
    ({ name }) => `Variable "${name}" exists already. Set it with { overwrite: true } to give it another value.`,
  ),
  CONCURRENCY_INVALID: row<{ names: readonly string[]; problem: string }>(
    "usage",
    ({ names, problem }) => `Slots of ${limits(names)} cannot be asked for: ${problem}.`,
  ),
  CONCURRENCY_LIMIT_MISSING: row<{ names: readonly string[]; lacking: "limit" | "prefect3" | "api" }>(
    "usage",
    ({ names, lacking }) =>
      `There is no limit to hold to: ${limits(names)} ${lackingLimits[lacking]}. Make one in an API of Prefect 3 (\`prefect gcl create\`), or leave out { strict: true }.`,
  ),
  CONCURRENCY_TIMEOUT: row<{ names: readonly string[]; slots: number; timeout: number }>(
    "api",
    ({ names, slots, timeout }) =>
      `${slots === 1 ? "A slot" : `${slots} slots`} of ${limits(names)} could not be had within ${timeout} ms: others hold them. Raise the limit or the timeout.`,
  ),
  CONCURRENCY_WAIT_OVER: row<{ names: readonly string[] }>(
    "api",
    ({ names }) => `Slots of ${limits(names)} are not waited for any more: the attempt that wants them is over.`,
  ),
  API_ANSWER_MALFORMED: row<{ url: string; operation: string; problem: string; excerpt: string }>(
    "api",
    ({ url, operation, problem, excerpt }) =>
      `The answer of ${url} to ${operation} is not what a Prefect API says: ${problem}. It begins: ${excerpt}`,
  ),
  FLOW_RUN_NOT_FOUND: row<{ id: string; url: string }>(
    "usage",
    ({ id, url }) => `Flow run ${id} not found at ${url}. Check PREFECT__CONTEXT__FLOW_RUN_ID, the key and its tenant.`,
  ),
  TASK_RUN_UNKNOWN: row<{ slug: string; flowRunId: string }>(
    "flow",
    ({ slug, flowRunId }) =>
      `The API has no task run for task "${slug}" in flow run ${flowRunId}: the flow that was loaded is not the one that was registered. Register it again from the same artifact.`,
  ),
  KEPT_FILE_UNREADABLE: row<{ file: string; reason: string }>(
    "usage",
    ({ file, reason }) =>
      `${file} cannot be delivered: ${reason}. Name a file that a run has said it keeps undelivered states or log lines in.`,
  ),
  KEPT_FILE_LEFT: row<{ file: string; left: number; reasons: readonly string[] }>(
    "undelivered",
    ({ file, left, reasons }) =>
      `${left === 1 ? "1 line of" : `${left} lines of`} ${file} could not be delivered and ${left === 1 ? "is" : "are"} still there: ${reasons.join("; ")}. What the API has concluded meanwhile is not overruled; for anything else, try again.`,
  ),
  TASK_RUN_NOT_CREATED: row<{ slug: string; mapIndex: number; reason: string }>(
    "api",
    ({ slug, mapIndex, reason }) => `The API did not create the task run of ${slug}[${mapIndex}]: ${reason}.`,
  ),
};
