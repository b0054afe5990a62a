import type { BodyRequest, Probe } from "../../engine/index.ts";
import type { StoredResult } from "../../state/index.ts";
import { locationContext } from "./body-context/task-context.ts";
import type { CoreContext } from "./core-context.ts";
import { reportError } from "./error-report.ts";
import { handlerFor, targetOf, toolsFor } from "./persist.ts";
import { hashInput } from "./values/hash-input.ts";

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
    const cacheKey = definition.cacheKey?.(context) ?? null;
    if (cacheKey !== null) core.secrets.refuseIn(cacheKey, `cache key of task "${spec.name}"`);
    return {
      kind: "probed",
      cacheKey,
      inputHashes: inputHashes(core, request),
      target: await existing(core, request, await targetOf(core, definition, spec, context)),
    };
  } catch (error) {
    return { kind: "error", error: reportError(error, true, core.secrets.mask) };
  }
}

/**
 * A secret counts by its name: its hash, kept with the state, could be found by trying, and a password that was changed
 * changes no result. Prefect 0.7: of a secret input, the cached state keeps the name.
 */
function inputHashes(core: CoreContext, { slug, inputs }: BodyRequest): Record<string, string> {
  const [definition] = core.task(slug);
  const hashed = definition.bind((key) => {
    const ref = inputs[key];
    if (ref === undefined) return undefined;
    const secret = core.secretOf(slug, key);
    if (secret === undefined) return core.values.resolve(ref);
    return { secret: secret.name, index: "index" in ref ? ref.index : null };
  });
  return Object.fromEntries(Object.entries(hashed).map(([name, value]) => [name, hashInput(value)]));
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
