import type { BodyRequest } from "../../../../engine/index.ts";
import { FlowRunnerError } from "../../../../errors/index.ts";
import { messageOf } from "../../../../errors/message-of.ts";
import type { AskRun, FlowRunControl, PauseOptions, PauseOver, SuspendOptions } from "../../../../flow/index.ts";
import { callNumbers, isPauseKey, pauseKey } from "./call-keys.ts";
import { deploymentRuns } from "./deployment-runs.ts";
import type { InputForm } from "./input-form.ts";
import { lengthOption } from "./length-option.ts";

/** The body that asks, and how it is ended from within. */
export interface ControlledBody {
  readonly request: BodyRequest;
  readonly controller: AbortController;
}

/** Prefect 3's hour, and its ten seconds. */
const usual = { timeout: "1h", pollInterval: "10s" } as const;

/** What a body can do with its flow run, by asking the runner. */
export function flowRunControl(ask: AskRun, { request, controller }: ControlledBody): FlowRunControl {
  const next = callNumbers(request);
  const wait = async (call: string, suspend: boolean, options: PauseOptions): Promise<unknown> => {
    const refuse = (problem: string): never => {
      throw new FlowRunnerError("PAUSE_INVALID", { call, problem });
    };
    const { schema, description = null, key = pauseKey(request, next()) } = options;
    if (!isPauseKey(key)) refuse(`option key may have lower-case letters, digits and dashes, and is "${key}".`);
    const timeout = options.timeout === undefined ? null : lengthOption("timeout", options.timeout, refuse);
    const pollInterval = lengthOption("pollInterval", options.pollInterval ?? usual.pollInterval, refuse);
    const form = schema === undefined ? null : await formOf(schema, description, refuse);
    const input = form === null ? null : { schema: form.schema, description: form.description };
    const question = { kind: "pause", key, suspend, timeout, pollInterval, input } as const;
    const over = (await ask(question, request.taskRunId)) as PauseOver;
    if (over.kind === "leaving") {
      // It runs again from its beginning when the run is resumed: whatever it answers now is not looked at.
      controller.abort(new Error("the flow run is left until it is resumed"));
      throw controller.signal.reason;
    }
    try {
      return await form?.read(over.input);
    } catch (error) {
      return refuse(`the flow run was resumed without the input that it waited for. ${messageOf(error)}`);
    }
  };
  return {
    pause: (options) => wait("pauseFlowRun", false, { timeout: usual.timeout, ...options }),
    suspend: (options: SuspendOptions) => wait("suspendFlowRun", true, options),
    runDeployment: deploymentRuns(ask, request),
  };
}

async function formOf(
  schema: NonNullable<PauseOptions["schema"]>,
  description: string | null,
  refuse: (problem: string) => never,
): Promise<InputForm> {
  const { inputForm } = await import("./input-form.ts");
  try {
    return inputForm(schema, description);
  } catch (error) {
    return refuse(`option schema cannot be made a form of: ${messageOf(error)}`);
  }
}
