import type { BodyRequest, Probe } from "../../engine/index.ts";
import type { StoredResult } from "../../state/index.ts";
import type { CoreContext } from "./core-context.ts";
import { reportError } from "./error-report.ts";
import { hashInput } from "./hash-input.ts";
import { handlerFor, targetOf, toolsFor } from "./persist.ts";
import { locationContext } from "./task-context.ts";

/** Hashes a task's inputs and asks its cache-key and target functions, without running it. */
export async function probe(core: CoreContext, request: BodyRequest): Promise<Probe> {
  const { values } = core;
  const missing = values.missing(Object.values(request.inputs));
  if (missing.length > 0) return { kind: "missing", handles: missing };
  const [definition, spec] = core.task(request.slug);
  try {
    const inputs = definition.bind((key) => {
      const ref = request.inputs[key];
      return ref === undefined ? undefined : values.resolve(ref);
    });
    const context = locationContext(core, spec, request, inputs);
    return {
      kind: "probed",
      cacheKey: definition.cacheKey?.(context) ?? null,
      inputHashes: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, hashInput(value)])),
      target: await existing(core, request, await targetOf(definition, spec, context)),
    };
  } catch (error) {
    return { kind: "error", error: reportError(error, true) };
  }
}

async function existing(
  core: CoreContext,
  request: BodyRequest,
  location: string | null,
): Promise<StoredResult | null> {
  if (location === null) return null;
  const [definition, spec] = core.task(request.slug);
  const handler = await handlerFor(core, definition, spec);
  const found = await handler.exists?.(location, toolsFor(core, new AbortController().signal));
  return found ? { handler: handler.describe(), location } : null;
}
