import type { Api, CloudRun, PauseOutcome } from "../../cloud/index.ts";
import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { RunQuestion } from "../../flow/index.ts";
import type { Masker } from "../../secrets/index.ts";
import { runDeployment } from "./run-deployment.ts";

/** The flow run that a body may control. */
export interface ControlledRun extends Pick<CloudRun, "over"> {
  readonly id: string;
  readonly pauses: Pick<CloudRun["pauses"], "pause">;
  /** Of its pauses, and of the waits for other runs. */
  readonly clock: Clock;
}

export interface ControlOptions {
  /** Null: the run has none. */
  readonly api: Pick<Api, "prefect3"> | null;
  /** Null: no flow run is bound to the API. */
  readonly run: ControlledRun | null;
  readonly masker: Pick<Masker, "findSecret">;
}

type Question = Extract<RunQuestion, { kind: "pause" | "runDeployment" }>;

/** Does with the flow run what one of its bodies asks for. */
export async function answerControl(question: Question, taskRunId: string | null, options: ControlOptions) {
  const { api, run, masker } = options;
  const prefect3 = api?.prefect3;
  if (prefect3 === undefined || run === null || taskRunId === null) {
    const call =
      question.kind === "runDeployment" ? "runDeployment" : question.suspend ? "suspendFlowRun" : "pauseFlowRun";
    throw new FlowRunnerError("PREFECT3_LACKING", { call, hasApi: api !== null });
  }
  if (question.kind === "pause") return pause(question, run);
  const found = masker.findSecret([question.parameters, question.jobVariables]);
  const what = `the parameters or job variables of deployment "${question.deployment}"`;
  if (found !== null) throw new FlowRunnerError("SECRET_IN_VALUE", { what, ...found });
  const caller = { api: prefect3, clock: run.clock, signal: run.over, flowRunId: run.id, taskRunId };
  return runDeployment(question, caller);
}

function pause(
  question: Extract<Question, { kind: "pause" }>,
  { pauses, clock }: ControlledRun,
): Promise<PauseOutcome> {
  const { key, suspend, timeout, pollInterval, input } = question;
  const until = timeout === null ? null : clock.now() + timeout;
  return pauses.pause({ key, suspend, until, pollInterval, input, message: null });
}
