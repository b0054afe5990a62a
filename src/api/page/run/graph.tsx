import { useMemo } from "preact/hooks";
import { countsText, StateBadge, StateBar, toneOf } from "../parts/state.tsx";
import { routeTo } from "../route.ts";
import { graphLayout, nodeSize } from "./graph-layout.ts";
import type { RunModel } from "./run-model.ts";
import { stateOf, type TaskGroup } from "./task-groups.ts";

/** With more of them the lines say nothing any more, and placing them takes seconds. */
const mostTasks = 500;

interface FlowGraphProps {
  readonly model: Pick<RunModel, "run" | "tasks" | "edges">;
  readonly groups: readonly TaskGroup[];
  readonly chosen: string | null;
}

/** The flow's graph with the states of its tasks; a mapped task is one of them. */
export function FlowGraph({ model, groups, chosen }: FlowGraphProps) {
  const { run, tasks, edges } = model;
  const isTooLarge = tasks.length > mostTasks;
  const placed = useMemo(() => (isTooLarge ? null : graphLayout(tasks, edges)), [tasks, edges, isTooLarge]);
  const names = useMemo(() => new Map(tasks.map(({ id, name }) => [id, name])), [tasks]);
  if (placed === null) {
    return (
      <p class="empty">
        This flow has {tasks.length.toLocaleString()} tasks, too many to draw. The timeline lists them.
      </p>
    );
  }
  const { width, height } = placed;
  return (
    // A region that scrolls has to be within reach of the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="graph" tabIndex={0} aria-label="Graph of the flow">
      <div class="graph-space" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {placed.edges.map(({ key, mapped, path }) => (
            <path key={key} class={mapped ? "edge mapped" : "edge"} d={path} marker-end="url(#arrow)" />
          ))}
        </svg>
        <ul>
          {groups.map((group) => {
            const { task, own, children, counts } = group;
            const upstream = edges.filter(({ to }) => to === task.id).map(({ from }) => names.get(from));
            const place = placed.nodes.get(task.id);
            const state = stateOf(group);
            return (
              <li key={task.id} style={{ left: `${place?.left}px`, top: `${place?.top}px`, ...sizeStyle }}>
                <a
                  class={`node ${toneOf(state)}`}
                  href={routeTo({ page: "run", id: run.id, taskRun: own?.id ?? null })}
                  aria-current={own !== null && own.id === chosen ? "true" : undefined}
                >
                  <span class="name" title={task.name}>
                    {task.name}
                    {children.length > 0 && <span class="count">{children.length.toLocaleString()}</span>}
                  </span>
                  {children.length > 0 ? (
                    <>
                      <StateBar counts={counts} />
                      <span class="unseen">{countsText(counts)}</span>
                    </>
                  ) : (
                    <StateBadge state={state} />
                  )}
                  {upstream.length > 0 && <span class="unseen">, after {[...new Set(upstream)].join(", ")}</span>}
                </a>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

const sizeStyle = { width: `${nodeSize.width}px`, height: `${nodeSize.height}px` };
