import { useState } from "preact/hooks";
import { isFailed, type StateType, stateTypes } from "../../../state/index.ts";
import { mostRuns, type RunRow, type RunsView } from "../../live/view.ts";
import { durationText } from "../parts/duration.ts";
import { ConnectionSign } from "../parts/notices.tsx";
import { isOver, StateBadge } from "../parts/state.tsx";
import { aheadOf, elapsedText, timeText, useNow, wholeTimeText } from "../parts/times.ts";
import { routeTo } from "../route.ts";
import { useStream } from "../server/use-stream.ts";
import { StartDialog } from "./start-dialog.tsx";

const step = 100;

/** Groups of states that people look for, before single ones. */
const groups: Readonly<Record<string, readonly StateType[]>> = {
  Unfinished: stateTypes.filter((type) => !isOver(type)),
  "Failed in any way": stateTypes.filter((type) => isFailed({ type })),
};
const single: readonly StateType[] = [
  "Scheduled",
  "Submitted",
  "Running",
  "Success",
  "Failed",
  "Cancelling",
  "Cancelled",
];

/** The list of flow runs, the newest first. */
export function RunsPage() {
  const [states, setStates] = useState("");
  const [flow, setFlow] = useState("");
  const [limit, setLimit] = useState(step);
  const [isStarting, setStarting] = useState(false);
  const [view, setView] = useState<(RunsView & { readonly ahead: number }) | null>(null);

  const wanted = groups[states] ?? (states === "" ? [] : [states]);
  const query = new URLSearchParams([
    ...wanted.map((state) => ["state", state]),
    ...(flow === "" ? [] : [["flow", flow]]),
    ["limit", String(limit)],
  ]);
  const connection = useStream(`runs?${query}`, {
    runs: (told: RunsView) => setView({ ...told, ahead: aheadOf(told.now) }),
  });
  const runs = view?.runs ?? [];
  const now = useNow(
    view?.ahead ?? 0,
    runs.some(({ state }) => !isOver(state)),
  );

  return (
    <>
      <div class="title">
        <h1>Flow runs</h1>
        <ConnectionSign connection={connection} />
        <button type="button" class="primary" onClick={() => setStarting(true)}>
          Start a run
        </button>
      </div>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label class="field">
          State
          <select value={states} onChange={({ currentTarget }) => setStates(currentTarget.value)}>
            <option value="">Any</option>
            {[...Object.keys(groups), ...single].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="field">
          Flow
          <select value={flow} onChange={({ currentTarget }) => setFlow(currentTarget.value)}>
            <option value="">Any</option>
            {view?.flows.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </form>
      <div class="card">
        <table class="runs">
          <caption class="unseen">Flow runs, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Run</th>
              <th scope="col">Flow</th>
              <th scope="col">Started</th>
              <th scope="col" class="number">
                Duration
              </th>
              <th scope="col">Message</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunLine key={run.id} run={run} now={now} />
            ))}
          </tbody>
        </table>
        {view !== null && runs.length === 0 && <p class="empty">{emptyText(view, wanted.length > 0 || flow !== "")}</p>}
      </div>
      {view?.more && (
        <button type="button" onClick={() => setLimit(limit + step)} disabled={limit >= mostRuns}>
          Show more
        </button>
      )}
      {isStarting && <StartDialog close={() => setStarting(false)} />}
    </>
  );
}

function RunLine({ run, now }: { readonly run: RunRow; readonly now: number }) {
  const { id, name, flow, project, state, message, started, scheduled } = run;
  return (
    <tr>
      <td>
        <StateBadge state={state} />
      </td>
      <td>
        <a href={routeTo({ page: "run", id, taskRun: null })}>{name}</a>
      </td>
      <td>
        {flow} <span class="dim">{project}</span>
      </td>
      <td>
        {started === null ? (
          <span class="dim">{scheduled > now ? `in ${durationText(scheduled - now)}` : "waits for an agent"}</span>
        ) : (
          <time dateTime={new Date(started).toISOString()} title={wholeTimeText(started)}>
            {timeText(started, now)}
          </time>
        )}
      </td>
      <td class="number">{elapsedText(run, now)}</td>
      <td class="message" title={message ?? ""}>
        {message}
      </td>
    </tr>
  );
}

function emptyText({ flows }: RunsView, isFiltered: boolean): string {
  if (isFiltered) return "No run is like that.";
  return flows.length === 0
    ? "No flow is registered yet: flow-runner register FILE --project NAME --create-project"
    : "No flow has been run yet.";
}
