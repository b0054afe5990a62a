import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LogView, TaskRunDetail } from "../../live/view.ts";
import { Values } from "../parts/json-value.tsx";
import { Failure, reasonOf } from "../parts/notices.tsx";
import { isOver, StateBadge } from "../parts/state.tsx";
import { elapsedText, useNow, wholeTimeText } from "../parts/times.ts";
import { routeTo } from "../route.ts";
import { ask } from "../server/ask.ts";
import { Log } from "./log.tsx";
import type { RunModel } from "./run-model.ts";
import { StateHistory } from "./state-history.tsx";
import { taskRunName } from "./task-groups.ts";

/** All about one task run, beside the run. */
export function TaskRunPanel({ id, model }: { readonly id: string; readonly model: RunModel }) {
  const [detail, setDetail] = useState<TaskRunDetail | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const told = model.taskRuns.get(id);
  // Asked again when the run's states go on.
  useEffect(() => {
    let isCurrent = true;
    ask<TaskRunDetail>(`task-runs/${id}`).then(
      (answer) => isCurrent && setDetail(answer),
      (error: unknown) => isCurrent && setProblem(reasonOf(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, told]);
  useEffect(() => heading.current?.focus(), [id]);

  const lines = useMemo(() => withNewLines(detail?.logs.lines ?? [], model.logs, id), [detail, model.logs, id]);
  const now = useNow(model.ahead, !isOver(detail?.state ?? null));
  const task = model.tasks.find((each) => each.id === told?.task);
  const name = told === undefined || task === undefined ? "Task run" : taskRunName(task, told);
  return (
    <aside class="panel card" aria-labelledby="panel-title">
      <div class="title">
        <h2 id="panel-title" ref={heading} tabIndex={-1}>
          {name}
        </h2>
        <a class="button" href={routeTo({ page: "run", id: model.run.id, taskRun: null })}>
          Close
        </a>
      </div>
      <Failure message={problem} />
      {detail !== null && (
        <>
          <dl class="facts">
            <dt>State</dt>
            <dd>
              <StateBadge state={detail.state} />
            </dd>
            {detail.message !== null && (
              <>
                <dt>Message</dt>
                <dd class="said">{detail.message}</dd>
              </>
            )}
            <dt>Task</dt>
            <dd>
              {detail.taskName} <code>{detail.slug}</code>
            </dd>
            <dt>Attempts</dt>
            <dd>{detail.attempts}</dd>
            {detail.started !== null && (
              <>
                <dt>Started</dt>
                <dd>{wholeTimeText(detail.started)}</dd>
                <dt>Duration</dt>
                <dd>{elapsedText(detail, now)}</dd>
              </>
            )}
            <dt>Result</dt>
            <dd>
              {detail.result === null ? <span class="dim">not persisted</span> : <Result result={detail.result} />}
            </dd>
          </dl>
          <h3>States</h3>
          <StateHistory states={detail.states} about="States of this task run" />
          <h3>Log</h3>
          <Log about={`Log of ${name}`} lines={lines} hasEarlier={false} />
        </>
      )}
    </aside>
  );
}

function Result({ result }: { readonly result: NonNullable<TaskRunDetail["result"]> }) {
  const { handler, options, location } = result;
  return (
    <>
      <code class="location">{location}</code> <span class="dim">{handler}</span>
      {Object.keys(options).length > 0 && <Values about="Result handler" values={options} />}
    </>
  );
}

/** The lines that were asked for, and those that have come over the run's stream since. */
function withNewLines(asked: readonly LogView[], streamed: readonly LogView[], id: string): readonly LogView[] {
  const last = asked.reduce((most, { at }) => Math.max(most, at), 0);
  const since = streamed.filter(({ at, taskRun }) => taskRun === id && at > last);
  return since.length === 0 ? asked : [...asked, ...since];
}
