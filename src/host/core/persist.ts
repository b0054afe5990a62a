import type { FlowDefinition, HandlerTools, LocationContext, ResultHandler, TaskDefinition } from "../../flow/index.ts";
import type { TaskSpec } from "../../graph/index.ts";
import type { HandlerDescription, StoredResult } from "../../state/index.ts";

/**
 * A task that returns nothing has a result all the same: `undefined`, which a restart must tell from a lost value.
 * Prefect 1.x writes nothing for None, and a resumed run cannot know one from the other.
 */
const nothing: StoredResult = { handler: { type: "ConstantResultHandler" }, location: "undefined" };

/** Persists a result with its task's handler. Rejects with the handler's own error. */
export async function persist(
  definition: TaskDefinition,
  spec: TaskSpec,
  value: unknown,
  context: LocationContext,
  tools: HandlerTools,
): Promise<StoredResult> {
  if (value === undefined) return nothing;
  const handler = definition.resultHandler ?? (await handlerOf(spec));
  const location = await handler.write(value, context, tools);
  return { handler: handler.describe(), location };
}

async function handlerOf(spec: TaskSpec): Promise<ResultHandler> {
  const handler = spec.resultHandler === null ? null : await described(spec.resultHandler);
  if (handler === null)
    throw new TypeError(`Result has no ResultHandler: task "${spec.slug}" has none to write its result with.`);
  return handler;
}

/** Loaded when it is needed: a run without checkpoints needs none of it. */
async function described(description: HandlerDescription): Promise<ResultHandler | null> {
  const { handlerFrom } = await import("../../results/index.ts");
  return handlerFrom(description);
}

/**
 * Reads a persisted result. The task's own handler reads what it has written; a result of another handler (the flow has
 * changed since) is read by the one its state describes.
 */
export async function readPersisted(
  flow: FlowDefinition,
  slug: string,
  stored: StoredResult,
  tools: HandlerTools,
): Promise<unknown> {
  if (stored.handler.type === nothing.handler.type && stored.location === nothing.location) return undefined;
  const own = flow.tasks.get(slug)?.resultHandler ?? null;
  const isOwn = own !== null && JSON.stringify(own.describe()) === JSON.stringify(stored.handler);
  const handler = isOwn ? own : ((await described(stored.handler)) ?? own);
  if (handler === null) throw new TypeError(`no result handler here can read a "${stored.handler.type}"`);
  return handler.read(stored.location, tools);
}
