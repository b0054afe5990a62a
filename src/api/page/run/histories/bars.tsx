import { StateBar, toneOf } from "../../parts/state.tsx";
import type { TimeScale } from "../time-scale.ts";
import type { TimelineRow } from "../timeline-rows.ts";
import { type Segment, segmentsText } from "./segments.ts";

/** Less cannot be seen. */
const least = "3px";

interface PlainBarProps {
  readonly row: TimelineRow;
  /** When it has ended, or now. */
  readonly end: number | null;
  /** All that is known of it. */
  readonly segment: Segment | undefined;
  readonly scale: TimeScale;
}

/** One attempt, or a mapped task with the counts of its children. */
export function PlainBar({ row: { state, counts, started }, end, segment, scale }: PlainBarProps) {
  const from = started ?? segment?.from;
  const to = started === null ? segment?.to : end;
  if (from === undefined || to === undefined || to === null) return null;
  return (
    <span class={`bar ${toneOf(state)}`} style={placeOf(scale, from, to)}>
      {counts !== null && <StateBar counts={counts} />}
    </span>
  );
}

/** Attempts as high as the bar, waits thin: one element, however many there are. */
export function SegmentsBar({ segments, scale }: { readonly segments: readonly Segment[]; readonly scale: TimeScale }) {
  const from = Math.min(...segments.map((each) => each.from));
  const to = Math.max(...segments.map((each) => each.to));
  const text = segmentsText(segments);
  return (
    <>
      <span
        class="bar segments"
        title={text}
        style={{ ...placeOf(scale, from, to), background: layers(segments, scale, from, to) }}
      />
      <span class="unseen">{text}</span>
    </>
  );
}

const placeOf = ({ place }: TimeScale, from: number, to: number) => ({
  left: `${place(from) * 100}%`,
  width: `${(place(to) - place(from)) * 100}%`,
});

/** The first layer lies above the others: what is short and came later is not hidden. */
function layers(segments: readonly Segment[], { place }: TimeScale, from: number, to: number): string {
  const whole = place(to) - place(from) || 1;
  return segments
    .toReversed()
    .map((each) => {
      const left = (place(each.from) - place(from)) / whole;
      const width = (place(each.to) - place(each.from)) / whole;
      // A layer's place is told as that of as many hundredths of it: 100 % is where both ends meet.
      const x = width < 1 ? (left / (1 - width)) * 100 : 0;
      const height = each.kind === "wait" ? "5px" : "100%";
      return `linear-gradient(var(--${toneOf(each.state)}) 0 0) ${x}% 50% / max(${least}, ${width * 100}%) ${height} no-repeat`;
    })
    .join(", ");
}
