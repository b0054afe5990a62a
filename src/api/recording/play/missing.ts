import type { Element } from "./element.ts";
import { nearestTitle } from "./nearest.ts";
import type { Tracks } from "./tracks.ts";

/** What is said of elements that a recording has no answer to, or no further one. */
export function missingText(tracks: Tracks<unknown>, first: Element, count: number): string {
  const times = tracks.timesOf(first);
  const others = count === 1 ? "" : `, and to ${count - 1} more in its list`;
  const instead =
    times === 0
      ? `The nearest that it holds is ${nearestTitle(first, tracks.elements)}`
      : `It was asked ${times === 1 ? "once" : `${times} times`} then, and is asked once more now`;
  return `The recording holds no answer to ${first.title}${others}. ${instead}`;
}
