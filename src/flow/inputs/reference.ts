import { FlowRunnerError } from "../../errors/index.ts";

declare const resultType: unique symbol;

const brand = Symbol.for("flow-runner.reference");

/**
 * What a task's result will be when the flow runs. Calling a task inside a flow returns one; it is passed to other
 * tasks as an input, alone or nested in objects and arrays. It is not the value itself.
 */
export interface TaskResult<out T> {
  /** The task's slug in this flow: `fetch day-1`. */
  readonly slug: string;
  /**
   * Makes the task wait for others without taking their results: edges without data.
   *
   * @example
   * ```ts
   * const table = createTable();
   * load({ rows }).after(table);
   * ```
   */
  after(...upstream: readonly TaskResult<unknown>[]): this;
  /** Types only: there is no such property. */
  readonly [resultType]?: T;
}

/** The flow that is being built, as far as a reference knows it. */
export interface ReferenceOwner {
  readonly name: string;
  addOrder(downstream: string, upstream: readonly TaskResult<unknown>[]): void;
}

/** The one implementation of {@link TaskResult}. */
export class Reference<T> implements TaskResult<T> {
  readonly slug: string;
  readonly #owner: ReferenceOwner;

  constructor(slug: string, owner: ReferenceOwner) {
    this.slug = slug;
    this.#owner = owner;
    Object.defineProperty(this, brand, { value: true });
  }

  after(...upstream: readonly TaskResult<unknown>[]): this {
    this.#owner.addOrder(this.slug, upstream);
    return this;
  }

  /** A foreign reference would otherwise become an edge to whichever task has the same slug here. */
  belongsTo(owner: ReferenceOwner): boolean {
    return this.#owner === owner;
  }

  get owner(): string {
    return this.#owner.name;
  }

  /** Prevents `${rows}` and `rows + 1` from computing with the words "[object Object]". */
  [Symbol.toPrimitive](): never {
    throw new FlowRunnerError("REFERENCE_AS_VALUE", { slug: this.slug });
  }

  /** Prevents a reference inside JSON text from becoming `{}`. */
  toJSON(): never {
    throw new FlowRunnerError("REFERENCE_AS_VALUE", { slug: this.slug });
  }
}

export const isReference = (value: unknown): value is Reference<unknown> =>
  typeof value === "object" && value !== null && brand in value;
