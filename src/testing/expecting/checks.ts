import { inspect } from "node:util";
import type { LogLevel } from "../../engine/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { isFailed, isFinished, isSuccessful, type State, type StateType } from "../../state/index.ts";
import { isTestRun, type TestRun, type TestTaskRun } from "../reading/test-run.ts";

/** What came of looking at a run. */
export interface Check {
  readonly pass: boolean;
  /** Why it did not pass; where it did: what is so, and was not to be. */
  readonly message: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

/** How two values are compared: by the test runner, which knows asymmetric matchers, or by Node. */
export type Equal = (actual: unknown, expected: unknown) => boolean;

/** What a task run is to be. */
export interface ExpectedRun {
  readonly state?: StateType;
  /** How often its body began. */
  readonly times?: number;
  /** All the states that it has had, in order. */
  readonly states?: readonly StateType[];
}

export interface ExpectedLog {
  /** Of this task run alone: `clean[3]`. */
  readonly taskRun?: string;
  readonly level?: LogLevel;
}

export function checkState(run: unknown, expected: StateType, message?: string | RegExp): Check {
  const { flow, state, taskRuns } = asRun(run, "toHaveState");
  const told = state.message ?? "";
  const says = message === undefined || (typeof message === "string" ? told.includes(message) : message.test(told));
  const pass = state.type === expected && says;
  const wanted = `${expected}${message === undefined ? "" : ` with ${typeof message === "string" ? `"${message}"` : message}`}`;
  const bad = taskRuns.filter((each) => isFinished(each.state) && !isSuccessful(each.state));
  const reasons = isSuccessful(state) ? [] : blamed(bad).map((each) => `  ${each.name}: ${stateText(each.state)}`);
  return {
    pass,
    message: pass
      ? `The run of "${flow}" is ${stateText(state)}, and was not to be.`
      : [`The run of "${flow}" was to be ${wanted}. It is ${stateText(state)}`, ...reasons].join("\n"),
    actual: state.type,
    expected,
  };
}

export function checkRun(run: unknown, name: string, expected: ExpectedRun = {}): Check {
  const found = asRun(run, "toHaveRun").taskRun(name);
  const types = found.states.map(({ type }) => type);
  const actual: ExpectedRun = {
    ...(expected.state === undefined ? {} : { state: found.state.type }),
    ...(expected.times === undefined ? {} : { times: found.times }),
    ...(expected.states === undefined ? {} : { states: types }),
  };
  const differs = [
    ...(expected.state === undefined || expected.state === found.state.type
      ? []
      : [`was to be ${expected.state} and is ${stateText(found.state)}`]),
    ...(expected.times === undefined || expected.times === found.times
      ? []
      : [`was to run ${times(expected.times)} and ran ${times(found.times)}`]),
    ...(expected.states === undefined || same(expected.states, types)
      ? []
      : [`was to be ${expected.states.join(" → ")}`]),
  ];
  const history = types.join(" → ");
  const pass = differs.length === 0;
  return {
    pass,
    message: pass
      ? `${found.name} is as it was not to be: ${history}.`
      : `${found.name} ${differs.join(", ")}. Its states: ${history}.`,
    actual,
    expected,
  };
}

export function checkLogged(run: unknown, expected: string | RegExp, { taskRun, level }: ExpectedLog = {}): Check {
  const looked = asRun(run, "toHaveLogged");
  const name = taskRun === undefined ? null : looked.taskRun(taskRun).name;
  const lines = looked.logs.filter(
    (line) => (name === null || line.taskRun === name) && (level === undefined || line.level === level),
  );
  const says = (text: string): boolean =>
    typeof expected === "string" ? text.includes(expected) : expected.test(text);
  const found = lines.find(({ message }) => says(message));
  const whose = `${name ?? "The run"}${level === undefined ? "" : `, at ${level},`}`;
  const shown = lines.map((line) => `  ${line.level} ${line.taskRun ?? "flow run"}: ${line.message.split("\n")[0]}`);
  return {
    pass: found !== undefined,
    message:
      found === undefined
        ? [
            `${whose} was to log ${inspect(expected)}. ${shown.length === 0 ? "It logged nothing." : "It logged:"}`,
            ...shown,
          ].join("\n")
        : `${whose} has logged "${found.message}", and was not to.`,
    actual: lines.map(({ message }) => message),
    expected,
  };
}

/** @param name - a task run; null: what the flow returned */
export function checkResult(run: unknown, name: string | null, expected: unknown, equal: Equal): Check {
  const looked = asRun(run, "toHaveResult");
  const whose = name === null ? `the flow "${looked.flow}"` : looked.taskRun(name).name;
  let actual: unknown;
  try {
    actual = name === null ? looked.result() : looked.result(name);
  } catch (error) {
    return { pass: false, message: messageOf(error), actual: undefined, expected };
  }
  const pass = equal(actual, expected);
  return {
    pass,
    message: pass
      ? `The result of ${whose} is ${short(actual)}, and was not to be.`
      : `The result of ${whose} was to be ${short(expected)}. It is ${short(actual)}.`,
    actual,
    expected,
  };
}

function asRun(value: unknown, check: string): TestRun {
  if (isTestRun(value)) return value;
  throw new TypeError(`${check} looks at a run: the value that execute() or run() of a testkit resolves with.`);
}

/** Those that failed by themselves say more than those that followed from them. */
function blamed(bad: readonly TestTaskRun[]): readonly TestTaskRun[] {
  const first = bad.filter(({ state }) => isFailed(state) && state.type !== "TriggerFailed");
  return (first.length > 0 ? first : bad).slice(0, 5);
}

const stateText = ({ type, message }: State): string => `${type}${message === null ? "." : `: ${message}`}`;
const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);
const short = (value: unknown): string => {
  const text = inspect(value, { depth: 4, breakLength: 100, maxArrayLength: 20, maxStringLength: 200 });
  return text.includes("\n") ? `\n${text}\n` : text;
};
