/** No clocks in use go forward or back by more than a day at a time (Samoa left one out in 2011). */
const mostShift = 25 * 3_600_000;

/**
 * Puts instants (epoch milliseconds) that were reckoned on a zone's clocks in order, each once: where the clocks go
 * forward, 2:45 comes to lie behind 3:00.
 */
export function* inOrder(instants: Iterable<number>): Generator<number> {
  const held: number[] = [];
  for (const instant of instants) {
    const at = held.findLastIndex((other) => other <= instant);
    if (held[at] !== instant) held.splice(at + 1, 0, instant);
    const settled = (held.at(-1) ?? instant) - mostShift;
    for (let first = held[0]; first !== undefined && first < settled; first = held[0]) {
      held.shift();
      yield first;
    }
  }
  yield* held;
}
