import type { Api } from "../../cloud/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { AskRun } from "../../flow/index.ts";
import type { RunSecrets } from "../secrets/run-secrets.ts";

export interface AnswerOptions {
  readonly secrets: Pick<RunSecrets, "get" | "masker">;
  /** Null: the run has none. */
  readonly api: Pick<Api, "prefect3"> | null;
}

/** Answers what a run's own code asks, from the run's secrets and its API. */
export function answerQuestions({ secrets, api }: AnswerOptions): AskRun {
  const prefect3 = api?.prefect3;
  const lackingVariables = (name: string): never => {
    throw new FlowRunnerError("VARIABLES_LACKING", { name, hasApi: api !== null });
  };
  return async (question) => {
    switch (question.kind) {
      case "secret":
        return secrets.get(question.name);
      case "variable":
        return (prefect3 ?? lackingVariables(question.name)).variable(question.name);
      case "setVariable": {
        const { name, value } = question;
        const found = secrets.masker.findSecret(value);
        if (found !== null) throw new FlowRunnerError("SECRET_IN_VALUE", { what: `variable "${name}"`, ...found });
        await (prefect3 ?? lackingVariables(name)).setVariable(question);
        return null;
      }
    }
  };
}
