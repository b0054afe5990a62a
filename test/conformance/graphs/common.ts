import { context, signals, type TaskOptions, task } from "flow-runner";
import { Boom } from "./graph.ts";

/** Small tasks that many graphs are made of; each has a name of its own in the graph. */

export const soon = 20;

export const gives = <T>(name: string, value: T, options: TaskOptions = {}) => task(name, () => value, options);

export const fails = (name: string, message = "boom", options: TaskOptions = {}) =>
  task(
    name,
    () => {
      throw new Boom(message);
    },
    options,
  );

export const skips = (name: string, message = "nothing to do", options: TaskOptions = {}) =>
  task(name, () => signals.skip(message), options);

export const passes = (name: string, options: TaskOptions = {}) => task(name, ({ x }: { x: unknown }) => x, options);

export const plusOne = (name: string, options: TaskOptions = {}) =>
  task(name, ({ x }: { x: number }) => x + 1, options);

export const total = (name: string, options: TaskOptions = {}) =>
  task(name, ({ xs }: { xs: readonly number[] }) => xs.reduce((sum, x) => sum + x, 0), options);

/** Says of each value what it is, so that a reduce tells what it was given. */
export const kinds = (name: string, options: TaskOptions = {}) =>
  task(name, ({ xs }: { xs: readonly unknown[] }) => xs.map(kind), options);

const kind = (value: unknown): unknown => {
  if (value === undefined) return "skipped";
  return value instanceof Error ? "failed" : value;
};

export const oddFails = (name: string, options: TaskOptions = {}) =>
  task(
    name,
    ({ x }: { x: number }) => {
      if (x % 2 === 1) throw new Boom(`${x} is odd`);
      return x;
    },
    options,
  );

export const oddSkips = (name: string, options: TaskOptions = {}) =>
  task(name, ({ x }: { x: number }) => (x % 2 === 1 ? signals.skip(`${x} is odd`) : x), options);

/** Fails in every attempt before this one, of which there is one more than `maxRetries`. */
export const failsUntil = (name: string, attempt: number, options: TaskOptions = {}) =>
  task(
    name,
    () => {
      if (context.taskRunCount < attempt) throw new Boom(`attempt ${context.taskRunCount}`);
      return context.taskRunCount;
    },
    { maxRetries: 2, retryDelay: soon, ...options },
  );
