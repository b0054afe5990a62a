import { useState } from "preact/hooks";
import type { Changed, RunDetail } from "../../live/view.ts";
import { Failure, reasonOf } from "../parts/notices.tsx";
import { isOver } from "../parts/state.tsx";
import { StartDialog } from "../runs/start-dialog.tsx";
import { tell } from "../server/ask.ts";

/** Cancel, retry, run again: what of it is possible now. */
export function RunActions({ run }: { readonly run: RunDetail }) {
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const { id, state } = run;
  const act = async (action: "cancel" | "retry"): Promise<void> => {
    setProblem(null);
    try {
      setSaid((await tell<Changed>(`runs/${id}/${action}`)).message);
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  const canRetry = isOver(state) && state !== "Success";
  return (
    <div class="actions">
      <div class="buttons">
        {!isOver(state) && (
          <button type="button" class="danger" disabled={state === "Cancelling"} onClick={() => act("cancel")}>
            Cancel
          </button>
        )}
        {canRetry && (
          <button type="button" class="primary" onClick={() => act("retry")}>
            Retry
          </button>
        )}
        <button type="button" onClick={() => setStarting(true)}>
          Run again…
        </button>
      </div>
      <span class="unseen" role="status">
        {said}
      </span>
      <Failure message={problem} />
      {isStarting && <StartDialog close={() => setStarting(false)} like={run} />}
    </div>
  );
}
