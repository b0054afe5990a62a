import type { CallOutcome, CallRequest, SeenState } from "../../engine/index.ts";
import {
  isSignal,
  lookOverParameters,
  type Signal,
  type StateHandler,
  type StateView,
  type UpstreamState,
} from "../../flow/index.ts";
import { isFailed, makeState, type State } from "../../state/index.ts";
import { stateSchema } from "../protocol/shared.ts";
import type { CoreContext } from "./core-context.ts";
import { raceSignal } from "./deadline.ts";
import { reportError } from "./error-report.ts";

/** Milliseconds that a state handler, a trigger or a callback may take. */
export const callDeadline = 60_000;

/** Runs user code that is no task body: handlers, triggers, an environment's callbacks. */
export async function runCall(core: CoreContext, request: CallRequest): Promise<CallOutcome> {
  const unlimited = request.fn === "environment" && request.hook === "execute";
  const deadline = new AbortController();
  const timer = unlimited ? null : setTimeout(() => deadline.abort(), callDeadline);
  const raced = await raceSignal(deadline.signal, () => dispatch(core, request));
  if (timer !== null) clearTimeout(timer);
  switch (raced.kind) {
    case "value":
      return raced.value;
    case "aborted":
      return {
        kind: "error",
        error: reportError(new Error(`${request.fn} gave no answer within ${callDeadline / 1000} seconds`), false),
      };
    case "thrown":
      return isSignal(raced.error)
        ? { kind: "signal", state: stateOf(raced.error) }
        : { kind: "error", error: reportError(raced.error, false, core.secrets.mask) };
  }
}

async function dispatch(core: CoreContext, request: CallRequest): Promise<CallOutcome> {
  switch (request.fn) {
    case "taskStateHandlers": {
      const [definition, { name, slug }] = core.task(request.slug);
      const value = request.handle === null ? undefined : core.values.get(request.handle);
      return handlers({ name, slug }, definition.stateHandlers, definition.onFailure, request.old, request.new, value);
    }
    case "flowStateHandlers": {
      const { name, slug } = core.flow.graph;
      return handlers(
        { name, slug },
        core.flow.stateHandlers,
        core.flow.onFailure,
        request.old,
        request.new,
        undefined,
      );
    }
    case "terminalStateHandler": {
      const references = request.references.map((seen) => upstreamState(core, seen));
      const replaced = await core.flow.terminalStateHandler?.(view(request.state, undefined), references);
      return { kind: "ok", state: replaced ? plain(replaced) : null, fires: true };
    }
    case "trigger": {
      const [definition] = core.task(request.slug);
      const fires = await definition.customTrigger?.(request.upstream.map((seen) => upstreamState(core, seen)));
      return { kind: "ok", state: null, fires: Boolean(fires) };
    }
    case "cacheValidator": {
      const [definition] = core.task(request.slug);
      const inputs = definition.bind((key) => {
        const ref = request.inputs[key];
        return ref === undefined ? undefined : core.values.resolve(ref);
      });
      const fires = await definition.customCacheValidator?.(
        view(request.cached, undefined),
        inputs,
        core.details.parameters,
      );
      return { kind: "ok", state: null, fires: Boolean(fires) };
    }
    case "parameters": {
      const value = await lookOverParameters(core.flow, core.details.parameters);
      return { kind: "ok", state: null, fires: true, value };
    }
    case "secretProvider": {
      const provider = core.flow.secretProviders?.find(({ name }) => name === request.provider);
      const value = await provider?.find(request.key);
      return { kind: "ok", state: null, fires: value !== undefined, value };
    }
    case "environment": {
      const { environment } = core.flow;
      if (request.hook === "execute") await environment?.execute?.({ runFlow: core.runFlow });
      else await environment?.[request.hook]?.();
      return { kind: "ok", state: null, fires: true };
    }
  }
}

/** Prefect: each handler may replace the state, the next one sees the replacement; `onFailure` comes last. */
async function handlers(
  subject: { name: string; slug: string },
  chain: readonly StateHandler[],
  onFailure: ((subject: { name: string; slug: string }, state: StateView) => unknown) | null,
  old: State,
  next: State,
  value: unknown,
): Promise<CallOutcome> {
  let state = next;
  for (const handler of chain) {
    const replaced = await handler(subject, view(old, undefined), view(state, value));
    if (replaced) state = plain(replaced);
  }
  if (isFailed(state)) await onFailure?.(subject, view(state, value));
  return { kind: "ok", state, fires: true };
}

const view = (state: State, value: unknown): StateView => ({ ...state, value });

/** What a handler returned is anything at all until it was looked at; the live value does not travel in a state. */
const plain = (state: State): State => stateSchema.parse(state);

function upstreamState(core: CoreContext, seen: SeenState): UpstreamState {
  const value = seen.handle === null ? undefined : core.values.get(seen.handle);
  return { slug: seen.slug, key: seen.key, mapIndex: seen.mapIndex, state: view(seen.state, value) };
}

function stateOf(signal: Signal): State {
  const message = signal.message === "" ? null : signal.message;
  switch (signal.kind) {
    case "SUCCESS":
      return makeState("Success", message);
    case "SKIP":
      return makeState("Skipped", message);
    case "PAUSE":
      return makeState("Paused", message, { startTime: signal.startTime });
    case "RETRY":
      return makeState("Retrying", message, { startTime: signal.startTime ?? Date.now(), runCount: 1 });
    case "TRIGGERFAIL":
      return makeState("TriggerFailed", message);
    case "FAIL":
    case "LOOP":
      return makeState("Failed", message);
  }
}
