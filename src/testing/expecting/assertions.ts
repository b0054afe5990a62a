import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import type { StateType } from "../../state/index.ts";
import type { TestRun } from "../reading/test-run.ts";
import {
  type Check,
  checkLogged,
  checkResult,
  checkRun,
  checkState,
  type ExpectedLog,
  type ExpectedRun,
} from "./checks.ts";

/** Assertions for node:test, and for any other runner: each throws an `AssertionError`. */

/**
 * The run's state, and what its message says (a part of it, or a pattern).
 *
 * @example assertState(run, "Failed", /some reference tasks failed/i);
 */
export const assertState = (run: TestRun, state: StateType, message?: string | RegExp): void =>
  assertThat(checkState(run, state, message), assertState);

/**
 * There is such a task run, and it is as expected.
 *
 * @example assertRun(run, "clean[3]", { state: "Success", times: 2 });
 */
export const assertRun = (run: TestRun, name: string, expected?: ExpectedRun): void =>
  assertThat(checkRun(run, name, expected), assertRun);

/** @example assertLogged(run, /attempt 2/, { taskRun: "clean[3]" }); */
export const assertLogged = (run: TestRun, expected: string | RegExp, of?: ExpectedLog): void =>
  assertThat(checkLogged(run, expected, of), assertLogged);

/**
 * What the flow returned, or (with a name) a task.
 *
 * @example
 * ```ts
 * assertResult(run, "New York");
 * assertResult(run, "mean[0]", 9.2);
 * ```
 */
export function assertResult(run: TestRun, expected: unknown): void;
export function assertResult(run: TestRun, name: string, expected: unknown): void;
export function assertResult(run: TestRun, ...words: readonly [unknown] | readonly [string, unknown]): void {
  const [name, expected] = words.length === 1 ? [null, words[0]] : words;
  assertThat(checkResult(run, name, expected, isDeepStrictEqual), assertResult);
}

function assertThat({ pass, message, actual, expected }: Check, stackStartFn: (...words: never) => void): void {
  if (!pass) throw new AssertionError({ message, actual, expected, operator: "strictEqual", stackStartFn });
}
