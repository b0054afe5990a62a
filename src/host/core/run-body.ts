import type { BodyOutcome, BodyRequest } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { isSignal, runInContext, type Signal, type TaskDefinition } from "../../flow/index.ts";
import type { TaskSpec } from "../../graph/index.ts";
import type { StoredResult } from "../../state/index.ts";
import { locationContext, runContext } from "./body-context/task-context.ts";
import type { CoreContext } from "./core-context.ts";
import { type Raced, raceSignal } from "./deadline.ts";
import { cut, reportError } from "./error-report.ts";
import { mayGoWell, persist, toolsFor } from "./persist.ts";

/** Node's own: the flow's code, or a library for its tests, may put others in their place. */
const { setTimeout, clearTimeout } = globalThis;
const dateNow = Date.now;
const clock = performance.now.bind(performance);

/** The writing of a result, once it is over. */
export interface ResultWrite {
  /** Epoch milliseconds. */
  readonly began: number;
  /** Milliseconds. */
  readonly took: number;
  readonly failed: boolean;
}

/** The reason that a deadline aborts with; anything else is a cancellation. What heeds the signal throws it. */
class OverTime extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Runs one attempt of a task's body, persists what it returned, and says what came of it. Whoever aborts `controller`
 * cancels the body; so does the deadline, which is why there is no second signal: combining two costs more than a task.
 *
 * @param wrote - told when its result has been written, or could not be
 */
export async function runBody(
  core: CoreContext,
  request: BodyRequest,
  controller: AbortController,
  wrote: (write: ResultWrite) => void = () => undefined,
): Promise<BodyOutcome> {
  const { values } = core;
  const [definition, spec] = core.task(request.slug);
  await fetchSecrets(core, request);
  const missing = values.missing(Object.values(request.inputs));
  if (request.hasLoopResult && !values.hasIteration(request.into)) missing.push(request.into);
  if (missing.length > 0) return { kind: "missing", handles: missing };
  if (request.keepInputs) values.keep(Object.values(request.inputs));

  const bound = definition.bind((key) => {
    const ref = request.inputs[key];
    return ref === undefined ? undefined : values.resolve(ref);
  });
  const inputs = { ...bound, ...request.trial?.set };
  const letGo = await underDebugger(core, request, definition, spec);
  const { signal } = controller;
  const timer =
    request.timeout === null
      ? null
      : setTimeout(
          () => controller.abort(new OverTime(`the task is over its timeout of ${request.timeout} ms`)),
          request.timeout,
        );
  const loopResult = request.hasLoopResult ? values.iteration(request.into) : undefined;
  const context = runContext(core, spec, request, loopResult, controller);
  const raced = await raceSignal(signal, () => runInContext(context, () => definition.run(inputs)));
  letGo();
  if (timer !== null) clearTimeout(timer);
  if (raced.kind === "aborted")
    return signal.reason instanceof OverTime ? { kind: "timedOut", message: null } : { kind: "cancelled" };

  const write = async (value: unknown): Promise<StoredResult | null> => {
    if (request.checkpoint) {
      const location = locationContext(core, spec, request, inputs);
      const persisting = persist(core, definition, spec, value, location, toolsFor(core, signal));
      return value === undefined ? persisting : timed(persisting, wrote);
    }
    return core.cachesInMemory && spec.cacheFor !== null ? core.memory.write(value) : null;
  };
  const outcome = await concluded(core, request, definition, spec, raced, write);
  // A write that the cancellation has broken off is no failure of the task's, and spends no retry.
  return outcome.kind === "unwritten" && signal.aborted ? { kind: "cancelled" } : outcome;
}

async function timed<T>(writing: Promise<T>, wrote: (write: ResultWrite) => void): Promise<T> {
  const began = dateNow();
  const from = clock();
  let failed = true;
  try {
    const stored = await writing;
    failed = false;
    return stored;
  } finally {
    wrote({ began, took: clock() - from, failed });
  }
}

/** A secret is fetched anew by every host that needs it: its value is never on a disk on the way. */
async function fetchSecrets(core: CoreContext, request: BodyRequest): Promise<void> {
  for (const [key, ref] of Object.entries(request.inputs)) {
    const secret = core.secretOf(request.slug, key);
    if (secret === undefined || !("handle" in ref) || core.values.has(ref.handle)) continue;
    core.values.setSecret(ref.handle, await core.secrets.get(secret.name));
  }
}

async function underDebugger(
  { ports }: CoreContext,
  { trial, taskRunId }: BodyRequest,
  { run }: TaskDefinition,
  { name }: TaskSpec,
): Promise<() => void> {
  if (trial?.inspect == null) return () => undefined;
  const { awaitDebugger } = await import("./trial/await-debugger.ts");
  return awaitDebugger(run, trial.inspect, (message) =>
    ports.log({ time: Date.now(), level: "WARNING", name: `prefect.${name}`, message, taskRunId }),
  );
}

type Write = (value: unknown) => Promise<StoredResult | null>;

async function concluded(
  core: CoreContext,
  request: BodyRequest,
  definition: TaskDefinition,
  spec: TaskSpec,
  raced: Exclude<Raced<unknown>, { kind: "aborted" }>,
  write: Write,
): Promise<BodyOutcome> {
  if (raced.kind === "value") return kept(core, request, spec, raced.value, null, write);
  const { error } = raced;
  if (isSignal(error)) return signalled(core, request, spec, error, write);
  core.values.set(request.into, error);
  const report = reportError(error, definition.retryable(error), core.secrets.mask);
  core.ports.log({
    time: Date.now(),
    level: "ERROR",
    name: `prefect.${spec.name}`,
    message: `Task '${spec.name}': exception during execution\n${report.stack ?? report.message}`,
    taskRunId: request.taskRunId,
  });
  return { kind: "error", error: report };
}

/** Keeps a result in the host and, where checkpoints are on, beyond it. */
async function kept(
  core: CoreContext,
  request: BodyRequest,
  spec: TaskSpec,
  value: unknown,
  message: string | null,
  write: Write,
): Promise<BodyOutcome> {
  if (typeof value === "function" || typeof value === "symbol") {
    const { message: sentence } = new FlowRunnerError("RESULT_NOT_DATA", { task: spec.name, kind: typeof value });
    core.values.set(request.into, new TypeError(sentence));
    return { kind: "unwritten", message: sentence, retryable: false };
  }
  if (spec.kind === "secret") core.values.setSecret(request.into, value);
  else core.values.set(request.into, value);
  try {
    const stored = await write(value);
    // What was written has been read to its end: who needs it reads it again from where it lies.
    if (stored !== null) core.values.forgetStream(request.into);
    return { kind: "success", stored, length: Array.isArray(value) ? value.length : null, message };
  } catch (error) {
    core.values.set(request.into, error);
    const report = reportError(error, true, core.secrets.mask);
    return {
      kind: "unwritten",
      message: cut(`The result of task '${spec.name}' could not be persisted: ${report.message}`),
      retryable: await mayGoWell(error),
    };
  }
}

async function signalled(
  core: CoreContext,
  request: BodyRequest,
  spec: TaskSpec,
  signal: Signal,
  write: Write,
): Promise<BodyOutcome> {
  const { kind, startTime } = signal;
  const message = cut(core.secrets.mask(signal.message));
  switch (kind) {
    case "SUCCESS":
      return kept(core, request, spec, signal.hasResult ? signal.result : undefined, message || null, write);
    case "LOOP": {
      const outcome = await kept(core, request, spec, signal.result, message || null, write);
      if (outcome.kind !== "success") return outcome;
      core.values.setIteration(request.into, signal.result);
      return { kind: "loop", message: outcome.message, stored: outcome.stored };
    }
    case "FAIL":
    case "TRIGGERFAIL":
      core.values.set(request.into, signal.hasResult ? signal.result : signal);
      return { kind: kind === "FAIL" ? "fail" : "triggerFail", message: message || "The task failed itself." };
    case "SKIP":
      core.values.set(request.into, signal.hasResult ? signal.result : undefined);
      return { kind: "skip", message: message || "The task skipped itself." };
    case "RETRY":
      return { kind: "retry", message: message || "The task asked for a retry.", startTime };
    case "PAUSE":
      return { kind: "pause", message: message || "Pause signal raised during task execution.", startTime };
  }
}
