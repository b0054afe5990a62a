const brand = Symbol.for("flow-runner.unmapped");

/** An input of `task.map` that every child gets whole; made by {@link unmapped}. */
export class Unmapped<out T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Hands an input of `task.map` to every child as it is, instead of one element to each.
 *
 * @example
 * ```ts
 * fetchDay.map({ day: days, station: unmapped(station) });
 * ```
 */
export const unmapped = <T>(value: T): Unmapped<T> => new Unmapped(value);

export const isUnmapped = (value: unknown): value is Unmapped<unknown> =>
  typeof value === "object" && value !== null && brand in value;
