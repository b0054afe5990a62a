import { isDeepStrictEqual } from "node:util";
import type { StateType } from "../../state/index.ts";
import {
  type Check,
  checkLogged,
  checkResult,
  checkRun,
  checkState,
  type ExpectedLog,
  type ExpectedRun,
} from "./checks.ts";

/** What vitest and jest give to a matcher, as far as it is used. */
interface MatcherContext {
  readonly equals?: (actual: unknown, expected: unknown) => boolean;
  readonly utils?: { readonly diff?: (expected: unknown, actual: unknown) => string | null | undefined };
}

interface MatcherAnswer {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers for `expect.extend` of vitest and jest. With vitest, `import "flow-runner/testing/vitest"` does that, and tells the
 * types.
 *
 * @example expect.extend(flowRunMatchers);
 */
export const flowRunMatchers = {
  toHaveState: (run: unknown, state: StateType, message?: string | RegExp): MatcherAnswer =>
    answerOf(checkState(run, state, message)),

  toHaveRun: (run: unknown, name: string, expected?: ExpectedRun): MatcherAnswer =>
    answerOf(checkRun(run, name, expected)),

  toHaveLogged: (run: unknown, expected: string | RegExp, of?: ExpectedLog): MatcherAnswer =>
    answerOf(checkLogged(run, expected, of)),

  toHaveResult(this: MatcherContext, run: unknown, ...words: readonly unknown[]): MatcherAnswer {
    const [name, expected] = words.length < 2 ? [null, words[0]] : [String(words[0]), words[1]];
    const check = checkResult(run, name, expected, this.equals ?? isDeepStrictEqual);
    return answerOf(check, check.pass ? null : this.utils?.diff?.(expected, check.actual));
  },
};

const answerOf = ({ pass, message }: Check, difference?: string | null): MatcherAnswer => ({
  pass,
  message: () => (difference ? `${message}\n\n${difference}` : message),
});

/** What the matchers are called with, as the types of a test runner are told. */
export interface FlowRunMatchers<Returned = void> {
  /** The run's state, and what its message says (a part of it, or a pattern). */
  toHaveState(state: StateType, message?: string | RegExp): Returned;
  /** There is such a task run (`clean[3]`), and it is as expected. */
  toHaveRun(name: string, expected?: ExpectedRun): Returned;
  /** A line of the run's log has this text, or this pattern. */
  toHaveLogged(expected: string | RegExp, of?: ExpectedLog): Returned;
  /** What the flow returned. */
  toHaveResult(expected: unknown): Returned;
  /** What a task returned; of a mapped one an array. */
  toHaveResult(name: string, expected: unknown): Returned;
}
