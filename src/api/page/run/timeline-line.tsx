// biome-ignore-all lint/a11y/useSemanticElements: a table's elements cannot be laid out as rows that come and go
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and tells by its active descendant which row is meant

import { durationText } from "../parts/duration.ts";
import { countsText, isOver, StateBadge } from "../parts/state.tsx";
import { PlainBar, SegmentsBar } from "./histories/bars.tsx";
import { segmentsOf } from "./histories/segments.ts";
import { type StateHistories, useHistory } from "./histories/state-histories.ts";
import type { TimeScale } from "./time-scale.ts";
import type { TimelineRow } from "./timeline-rows.ts";

interface LineProps {
  readonly row: TimelineRow;
  readonly at: number;
  readonly now: number;
  readonly scale: TimeScale | null;
  readonly histories: StateHistories;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly toggle: () => void;
  readonly show: () => void;
}

export function TimelineLine({ row, at, now, scale, histories, isActive, isChosen, toggle, show }: LineProps) {
  const { id, name, level, state, counts, isOpen, started, run } = row;
  const end = row.ended ?? (isOver(state) ? started : now);
  const states = useHistory(histories, run);
  const segments = run === null ? [] : segmentsOf(states, now);
  const children = counts?.reduce((sum, [, count]) => sum + count, 0) ?? 0;
  return (
    // Keys are the grid's: it has the focus, and tells which row is meant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={`row-${id}`}
      role="row"
      tabIndex={-1}
      class={`timeline-row level-${level} ${isActive ? "active" : ""}`}
      aria-rowindex={at + 1}
      aria-level={level}
      aria-selected={isChosen}
      {...(counts === null ? {} : { "aria-expanded": isOpen })}
      onClick={show}
    >
      <span role="gridcell" class="name">
        {counts === null ? (
          <span class="twisty" aria-hidden="true" />
        ) : (
          <button
            type="button"
            class="twisty"
            tabIndex={-1}
            aria-label={isOpen ? `Fold ${name}` : `Unfold ${name}`}
            onClick={(event) => {
              event.stopPropagation();
              toggle();
            }}
          >
            {isOpen ? "▾" : "▸"}
          </button>
        )}
        <span class="text" title={name}>
          {name}
        </span>
        {children > 0 && <span class="count">{children.toLocaleString()}</span>}
      </span>
      <span role="gridcell" title={counts === null ? undefined : countsText(counts)}>
        <StateBadge state={state} />
        {counts !== null && <span class="unseen">{countsText(counts)}</span>}
      </span>
      <span role="gridcell" class="lane">
        {scale !== null && segments.length > 1 && <SegmentsBar segments={segments} scale={scale} />}
        {scale !== null && segments.length < 2 && <PlainBar row={row} end={end} segment={segments[0]} scale={scale} />}
      </span>
      <span role="gridcell" class="number">
        {started !== null && end !== null ? durationText(end - started) : ""}
      </span>
    </div>
  );
}
