import type { Api, Prefect3Api } from "../../cloud/index.ts";
import type { LogRecord } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { AskRun } from "../../flow/index.ts";
import { masked } from "../secrets/masked.ts";
import type { RunSecrets } from "../secrets/run-secrets.ts";
import { answerControl, type ControlledRun } from "./answer-control.ts";
import { LoggedArtifacts } from "./logged-artifacts.ts";
import { SlotQuestions } from "./slot-questions.ts";

export interface AnswerOptions {
  readonly secrets: Pick<RunSecrets, "get" | "masker">;
  /** Where the run is told; null: it has no API. */
  readonly cloud: { readonly api: Pick<Api, "prefect3">; readonly flowRunId: string } | null;
  /** The flow run, once it is bound to the API; left out: it never is. */
  readonly run?: () => ControlledRun | null;
  /** Is told what an API without artifacts is not. */
  log(record: LogRecord): void;
}

/** Answers what a run's own code asks, from the run's secrets and its API. */
export function answerQuestions({ secrets, cloud, run = () => null, log }: AnswerOptions): AskRun {
  const { masker } = secrets;
  const prefect3 = cloud?.api.prefect3;
  const flowRunId = cloud?.flowRunId ?? "";
  const logged = new LoggedArtifacts(log);
  const slots = new SlotQuestions({ prefect3, hasApi: cloud !== null, log });
  const variablesOf = (name: string): Prefect3Api => {
    if (prefect3 !== undefined) return prefect3;
    throw new FlowRunnerError("VARIABLES_LACKING", { name, hasApi: cloud !== null });
  };
  return async (question, taskRunId) => {
    switch (question.kind) {
      case "secret":
        return secrets.get(question.name);
      case "variable":
        return variablesOf(question.name).variable(question.name);
      case "setVariable": {
        const { kind: _, ...change } = question;
        const found = masker.findSecret(change.value);
        if (found !== null)
          throw new FlowRunnerError("SECRET_IN_VALUE", { what: `variable "${change.name}"`, ...found });
        await variablesOf(change.name).setVariable(change);
        return null;
      }
      case "createArtifact": {
        const artifact = masked(question.artifact, masker);
        if (prefect3 === undefined) return logged.create(artifact, taskRunId);
        return prefect3.createArtifact({ ...artifact, flowRunId, taskRunId });
      }
      case "updateArtifact": {
        const change = masked(question.change, masker);
        if (prefect3 === undefined) logged.update(question.id, change, taskRunId);
        else await prefect3.updateArtifact(question.id, change);
        return null;
      }
      case "pause":
      case "runDeployment":
        return answerControl(question, taskRunId, { api: cloud?.api ?? null, run: run(), masker });
      case "takeSlots":
        await slots.take(question.wanted, taskRunId);
        return null;
      case "giveBackSlots":
        await slots.giveBack(question.id);
        return null;
    }
  };
}
