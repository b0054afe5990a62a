// biome-ignore-all lint/a11y/useSemanticElements: a table's elements cannot be laid out as rows that come and go
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and tells by its active descendant which row is meant
import { useMemo, useRef, useState } from "preact/hooks";
import { isOver } from "../parts/state.tsx";
import { useNow } from "../parts/times.ts";
import { showRow, VirtualList } from "../parts/virtual-list.tsx";
import { goTo } from "../route.ts";
import { StateHistories } from "./histories/state-histories.ts";
import type { RunModel } from "./run-model.ts";
import type { TaskGroup } from "./task-groups.ts";
import { type TimeScale, timeScale } from "./time-scale.ts";
import { TimelineLine } from "./timeline-line.tsx";
import { type TimelineRow, timelineRows } from "./timeline-rows.ts";

const rowHeight = 34;
/** Rows that PageUp and PageDown go. */
const pageStep = 10;

interface TimelineProps {
  readonly model: RunModel;
  readonly groups: readonly TaskGroup[];
  readonly chosen: string | null;
}

/**
 * When each task ran: a tree of rows in which mapped tasks open. The arrows go through it as the ARIA Authoring Practices
 * have it for a treegrid; however many task runs there are, only the rows in view are in the document.
 */
export function Timeline({ model, groups, chosen }: TimelineProps) {
  const { run, ahead } = model;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const histories = useMemo(() => new StateHistories(), []);
  const box = useRef<HTMLDivElement>(null);
  const now = useNow(ahead, !isOver(run.state));
  const rows = useMemo(() => timelineRows(groups, open), [groups, open]);
  const scale = scaleOf(run, groups, now);

  const toggle = ({ task, isOpen }: TimelineRow): void => {
    const next = new Set(open);
    if (isOpen) next.delete(task);
    else next.add(task);
    setOpen(next);
  };
  const goToRow = (at: number): void => {
    const next = Math.min(rows.length - 1, Math.max(0, at));
    setActive(next);
    showRow(box.current, next, rowHeight);
  };
  const show = ({ id }: TimelineRow): void => goTo({ page: "run", id: run.id, taskRun: id });
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active];
    if (row === undefined) return;
    const isParent = row.counts !== null;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goToRow(active + 1),
      ArrowUp: () => goToRow(active - 1),
      PageDown: () => goToRow(active + pageStep),
      PageUp: () => goToRow(active - pageStep),
      Home: () => goToRow(0),
      End: () => goToRow(rows.length - 1),
      ArrowRight: () => (isParent && !row.isOpen ? toggle(row) : undefined),
      ArrowLeft: () => {
        if (row.isOpen) toggle(row);
        else if (row.level === 2) goToRow(rows.findIndex(({ task }) => task === row.task));
      },
      Enter: () => show(row),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <div class="timeline">
      <div class="timeline-head" aria-hidden="true">
        <span>Task</span>
        <span>State</span>
        <span class="axis">
          {scale?.ticks.map(({ at, text }) => (
            <span key={text} class="tick" style={{ left: `${at * 100}%` }}>
              {text}
            </span>
          ))}
        </span>
        <span class="number">Duration</span>
      </div>
      <VirtualList
        count={rows.length}
        rowHeight={rowHeight}
        box={box}
        class="timeline-rows"
        attributes={{
          role: "treegrid",
          "aria-label": "Task runs by time",
          "aria-rowcount": rows.length,
          "aria-readonly": true,
          "aria-activedescendant": `row-${rows[active]?.id}`,
          onKeyDown,
        }}
        row={(at) => {
          const row = rows[at];
          if (row === undefined) return null;
          return (
            <TimelineLine
              key={row.id}
              row={row}
              at={at}
              now={now}
              scale={scale}
              histories={histories}
              isActive={at === active}
              isChosen={row.id === chosen}
              toggle={() => {
                setActive(at);
                toggle(row);
              }}
              show={() => {
                setActive(at);
                show(row);
              }}
            />
          );
        }}
      />
    </div>
  );
}

function scaleOf(
  { state, started, ended }: RunModel["run"],
  groups: readonly TaskGroup[],
  now: number,
): TimeScale | null {
  const first = groups.reduce((least, group) => Math.min(least, group.started ?? least), started ?? Infinity);
  if (!Number.isFinite(first)) return null;
  const last = groups.reduce((most, group) => Math.max(most, group.ended ?? most), ended ?? 0);
  return timeScale(first, isOver(state) ? Math.max(last, first) : Math.max(now, first));
}
