import type { BodyRequest, Host, Trial } from "../../../engine/index.ts";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { ChildHost } from "../../../host/index.ts";
import { hostAround } from "../../host-around.ts";

export interface TrialOptions {
  /** The task runs that are tried out. */
  isTried(run: Pick<BodyRequest, "slug" | "mapIndex">): boolean;
  readonly trial: Trial;
  /** Told what a body is given, by input, before it runs. */
  shown(run: Pick<BodyRequest, "slug" | "mapIndex">, inputs: Readonly<Record<string, string>>): void;
  /** Told why one of them does not run. */
  refused(error: FlowRunnerError): void;
  /** Show what they are given and run none of them; no handler of the flow's hears of it. */
  readonly showOnly: boolean;
}

/** A host in which some bodies are tried out: with what they are given shown, and changed. */
export function trialHost(host: ChildHost, options: TrialOptions): Host {
  const { trial, showOnly } = options;
  return hostAround(host, {
    run: async (request) => {
      if (!options.isTried(request)) return host.run(request);
      const tried = {
        ...request,
        trial,
        inputs: without(request.inputs, trial.set),
        // A person at a debugger takes their time.
        timeout: trial.inspect === null ? request.timeout : null,
      };
      const shown = await host.show(tried);
      if (shown.kind === "missing") return shown;
      const unknown = Object.keys(trial.set).find((name) => !shown.names.includes(name));
      if (unknown !== undefined) {
        options.refused(
          new FlowRunnerError("TASK_INPUT_UNKNOWN", { task: request.slug, name: unknown, names: shown.names }),
        );
        return { kind: "cancelled" };
      }
      options.shown(request, shown.texts);
      return showOnly ? { kind: "cancelled" } : host.run(tried);
    },
    call: (request) =>
      showOnly && request.fn !== "secretProvider"
        ? Promise.resolve({ kind: "ok", state: null, fires: true })
        : host.call(request),
  });
}

/** What is set need not be fetched; its edges are `name` and those below it, `name.0`. */
function without(inputs: BodyRequest["inputs"], set: Trial["set"]): BodyRequest["inputs"] {
  const isSet = (key: string) => Object.keys(set).some((name) => key === name || key.startsWith(`${name}.`));
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !isSet(key)));
}
