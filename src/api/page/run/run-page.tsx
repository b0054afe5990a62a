import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { LogPage, RunChanges, RunSnapshot } from "../../live/view.ts";
import { Values } from "../parts/json-value.tsx";
import { ConnectionSign, Failure, reasonOf } from "../parts/notices.tsx";
import { countStates, isOver, StateBadge, StateBar } from "../parts/state.tsx";
import { type Tab, Tabs } from "../parts/tabs.tsx";
import { elapsedText, useNow, wholeTimeText } from "../parts/times.ts";
import { ask } from "../server/ask.ts";
import { useStream } from "../server/use-stream.ts";
import { FlowGraph } from "./graph.tsx";
import { Log } from "./log.tsx";
import { RunActions } from "./run-actions.tsx";
import { changed, modelOf, type RunModel, withEarlierLogs } from "./run-model.ts";
import { StateHistory } from "./state-history.tsx";
import { taskGroups, taskRunName } from "./task-groups.ts";
import { TaskRunPanel } from "./task-run-panel.tsx";
import { Timeline } from "./timeline.tsx";

type TabName = "timeline" | "graph" | "log" | "states" | "parameters";

const tabs: readonly Tab<TabName>[] = [
  { name: "timeline", label: "Timeline" },
  { name: "graph", label: "Graph" },
  { name: "log", label: "Log" },
  { name: "states", label: "States" },
  { name: "parameters", label: "Parameters" },
];

/** One run, as it is and as it goes on. */
export function RunPage({ id, taskRun }: { readonly id: string; readonly taskRun: string | null }) {
  const [model, setModel] = useState<RunModel | null>(null);
  const [isGone, setGone] = useState(false);
  const connection = useStream(`runs/${id}`, {
    snapshot: (told: RunSnapshot) => setModel(modelOf(told)),
    changes: (told: RunChanges) => setModel((held) => held && changed(held, told)),
    gone: () => setGone(true),
  });
  useEffect(() => {
    if (model !== null) document.title = `${model.run.name}: ${model.run.state ?? "no state"} · flow-runner`;
  }, [model?.run.name, model?.run.state]);
  if (isGone) return <p class="empty">There is no such run, or not any more.</p>;
  if (model === null) return <ConnectionSign connection={connection} />;
  return (
    <>
      <RunHead model={model} connection={<ConnectionSign connection={connection} />} />
      <div class={taskRun === null ? "beside" : "beside two"}>
        <RunParts model={model} setModel={setModel} chosen={taskRun} />
        {taskRun !== null && <TaskRunPanel key={taskRun} id={taskRun} model={model} />}
      </div>
    </>
  );
}

function RunHead({ model, connection }: { readonly model: RunModel; readonly connection: preact.ComponentChildren }) {
  const { run, taskRuns, ahead } = model;
  const { name, flow, flowVersion, project, state, message, scheduled, started } = run;
  const now = useNow(ahead, !isOver(state));
  const counts = useMemo(() => countStates([...taskRuns.values()].map((each) => each.state)), [taskRuns]);
  return (
    <section class="run-head" aria-labelledby="run-title">
      <div class="title">
        <h1 id="run-title">{name}</h1>
        <span role="status">
          <StateBadge state={state} />
        </span>
        {connection}
        <RunActions run={run} />
      </div>
      <p class="said">{message}</p>
      <dl class="facts across">
        <dt>Flow</dt>
        <dd>
          {flow} <span class="dim">version {flowVersion}</span>
        </dd>
        <dt>Project</dt>
        <dd>{project}</dd>
        {started === null ? (
          <>
            <dt>Due</dt>
            <dd>{wholeTimeText(scheduled)}</dd>
          </>
        ) : (
          <>
            <dt>Started</dt>
            <dd>{wholeTimeText(started)}</dd>
            <dt>Duration</dt>
            <dd>{elapsedText(run, now)}</dd>
          </>
        )}
        <dt>Labels</dt>
        <dd>{run.labels.length === 0 ? <span class="dim">none</span> : run.labels.join(", ")}</dd>
      </dl>
      <StateBar counts={counts} />
      <ul class="legend" aria-label="Task runs by state">
        {counts.map(([each, count]) => (
          <li key={each}>
            <StateBadge state={each} /> <strong>{count.toLocaleString()}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RunPartsProps {
  readonly model: RunModel;
  readonly setModel: (change: (held: RunModel | null) => RunModel | null) => void;
  readonly chosen: string | null;
}

function RunParts({ model, setModel, chosen }: RunPartsProps) {
  const [tab, setTab] = useState<TabName>("timeline");
  const [problem, setProblem] = useState<string | null>(null);
  const { run, tasks, taskRuns, logs, hasEarlierLogs } = model;
  const groups = useMemo(() => taskGroups({ tasks, taskRuns }), [tasks, taskRuns]);
  const taskName = useCallback(
    (id: string): string => {
      const taskRun = taskRuns.get(id);
      const task = tasks.find((each) => each.id === taskRun?.task);
      return taskRun === undefined || task === undefined ? "" : taskRunName(task, taskRun);
    },
    [tasks, taskRuns],
  );
  const showEarlier = async (): Promise<void> => {
    const first = logs.reduce((least, { at }) => Math.min(least, at), Number.MAX_SAFE_INTEGER);
    try {
      const { lines, more } = await ask<LogPage>(`runs/${run.id}/logs?before=${first}`);
      setModel((held) => held && withEarlierLogs(held, lines, more));
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <section class="card" aria-label="Parts of the run">
      <Tabs about="Parts of the run" tabs={tabs} chosen={tab} choose={setTab}>
        <Failure message={problem} />
        {tab === "timeline" && <Timeline model={model} groups={groups} chosen={chosen} />}
        {tab === "graph" && <FlowGraph model={model} groups={groups} chosen={chosen} />}
        {tab === "log" && (
          <Log
            about="Log of the run"
            lines={logs}
            taskName={taskName}
            hasEarlier={hasEarlierLogs}
            showEarlier={showEarlier}
          />
        )}
        {tab === "states" && <StateHistory states={run.states} about="States of this run" />}
        {tab === "parameters" && (
          <>
            <h2>Parameters</h2>
            <Values about="Parameters" values={run.parameters} />
            <h2>Context</h2>
            <Values about="Context" values={run.context} />
          </>
        )}
      </Tabs>
    </section>
  );
}
