import { FlowRunnerError } from "../../errors/index.ts";
import type { HandlerTools, LocationContext, ResultHandler, TaskDefinition } from "../../flow/index.ts";
import type { TaskSpec } from "../../graph/index.ts";
import type { HandlerDescription, StoredResult } from "../../state/index.ts";
import type { CoreContext } from "./core-context.ts";
import { memoryHandler } from "./values/memory-results.ts";

/**
 * A task that returns nothing has a result all the same: `undefined`, which a restart must tell from a lost value.
 * Prefect 1.x writes nothing for None, and a resumed run cannot know one from the other.
 */
const nothing: StoredResult = { handler: { type: "ConstantResultHandler" }, location: "undefined" };

/** Persists a result: at the task's target where it has one, else where its handler says. Rejects with the handler's own error. */
export async function persist(
  core: CoreContext,
  definition: TaskDefinition,
  spec: TaskSpec,
  value: unknown,
  context: LocationContext,
  tools: HandlerTools,
): Promise<StoredResult> {
  if (value === undefined) return nothing;
  const { ResultSearch } = await import("./secrets/result-search.ts");
  const search = new ResultSearch(core.secrets, spec.name);
  const searched = await search.of(value);
  const handler = await handlerFor(core, definition, spec);
  const target = await targetOf(core, definition, spec, context);
  const { storeResult } = await import("../../results/index.ts");
  const stored = core.writes(() =>
    storeResult({
      handler,
      flowHandler: core.flow.resultHandler,
      value: searched,
      context: target === null ? context : { ...context, target },
      tools,
    }),
  );
  return stored.catch((error: unknown) => {
    throw search.reason(error);
  });
}

/** Whether what has failed may go well when it is tried again: a store that is down, and not a value that is wrong. */
export async function mayGoWell(error: unknown): Promise<boolean> {
  const { mayPass } = await import("../../results/index.ts");
  return mayPass(error);
}

/** What a handler gets to work with. */
export const toolsFor = (core: CoreContext, signal: AbortSignal): HandlerTools => ({
  secret: core.secrets.get,
  signal,
  checkLocation: (location) => core.secrets.refuseIn(location, "location of the result"),
  ...(core.scratchFolder === null ? {} : { scratch: core.scratchFolder }),
});

/** The task's handler: its own, the flow's, the runner's default; Prefect's order. */
export async function handlerFor(
  core: CoreContext,
  definition: TaskDefinition,
  spec: TaskSpec,
): Promise<ResultHandler> {
  const description = spec.resultHandler ?? core.details.defaultHandler;
  const handler = definition.resultHandler ?? (description === null ? null : await described(description));
  if (handler !== null) return handler;
  throw new FlowRunnerError("RESULT_NO_HANDLER", {
    task: spec.slug,
    input: null,
    trigger: "checkpoints are on for it",
  });
}

/**
 * The location of the task's target for these inputs; null: it has none.
 *
 * @throws FlowRunnerError `SECRET_IN_VALUE`
 */
export async function targetOf(
  core: CoreContext,
  definition: TaskDefinition,
  spec: TaskSpec,
  context: LocationContext,
): Promise<string | null> {
  const template = definition.target ?? (typeof spec.target === "string" ? spec.target : null);
  if (template === null) return null;
  const { formatLocation } = await import("../../results/index.ts");
  const target = formatLocation(template, context);
  core.secrets.refuseIn(target, `target of task "${spec.name}"`);
  return target;
}

/**
 * Reads a persisted result. The task's own handler reads what it has written; a result of another handler (the flow has
 * changed since) is read by the one its state describes.
 */
export async function readPersisted(
  core: CoreContext,
  slug: string,
  stored: StoredResult,
  tools: HandlerTools,
): Promise<unknown> {
  if (stored.handler.type === nothing.handler.type && stored.location === nothing.location) return undefined;
  if (stored.handler.type === memoryHandler) return core.memory.read(stored.location);
  const own = core.flow.tasks.get(slug)?.resultHandler ?? null;
  const { handlerFrom, reads } = await import("../../results/index.ts");
  const handler = own !== null && reads(own, stored.handler) ? own : (handlerFrom(stored.handler) ?? own);
  if (handler === null) throw new FlowRunnerError("RESULT_UNREADABLE", { task: slug, handler: stored.handler.type });
  return handler.read(stored.location, tools);
}

/** Loaded when it is needed: a run without checkpoints needs none of it. */
async function described(description: HandlerDescription): Promise<ResultHandler | null> {
  const { handlerFrom } = await import("../../results/index.ts");
  return handlerFrom(description);
}
