import type { BodyOutcome, BodyRequest, Host } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowGraph } from "../../graph/index.ts";
import type { Masker, SecretFound } from "../../secrets/index.ts";
import type { StoredResult } from "../../state/index.ts";
import { hostAround } from "../host-around.ts";

/**
 * A host whose results are looked through once more before a state tells of them. A host knows only the secrets that its
 * own tasks have asked for, while a parameter with a secret in it, the first thing that a run does, may come before
 * all of them.
 */
export function guardedHost(host: Host, graph: FlowGraph, masker: Masker): Host {
  const kinds = new Map(graph.tasks.map(({ slug, kind }) => [slug, kind]));
  const refusal = ({ slug }: BodyRequest, found: SecretFound): string =>
    kinds.get(slug) === "parameter"
      ? new FlowRunnerError("SECRET_IN_VALUE", { what: `parameter "${slug}"`, ...found }).message
      : new FlowRunnerError("SECRET_IN_RESULT", { task: slug, ...found }).message;
  return hostAround(host, {
    run: async (request) => {
      const outcome = await host.run(request);
      const stored = storedIn(outcome);
      const found = stored === null ? null : secretIn(stored, masker);
      if (found === null) return outcome;
      const message = refusal(request, found);
      host.mark(request.into, "failed", message);
      return { kind: "unwritten", message, retryable: false };
    },
  });
}

const storedIn = (outcome: BodyOutcome): StoredResult | null =>
  outcome.kind === "success" || outcome.kind === "loop" ? outcome.stored : null;

/** Handlers of objects have looked at their location before they wrote to it. */
const ofObjects = new Set(["LocalResultHandler", "S3ResultHandler", "GCSResultHandler", "AzureResultHandler"]);

function secretIn({ handler, location }: StoredResult, masker: Masker): SecretFound | null {
  if (ofObjects.has(handler.type)) return null;
  const found = masker.findSecret(location);
  // Such a location is the value itself: the path is one in it.
  const inValue =
    found !== null && handler.type === "JSONResultHandler" ? masker.findSecret(JSON.parse(location)) : null;
  return inValue ?? found;
}
