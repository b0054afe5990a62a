import { type Act, element, type FlowDescription, isMapped, labelOf, type TaskDescription } from "./description.ts";

/**
 * The rules of a flow run, told a second time: slowly, one after the other, from Prefect 1.x's documentation and not from
 * the engine. Nothing here waits, batches, hands out or keeps books; a value is a value.
 */

/** What a task run came to: every state in order (none: it was never its turn), what each entry of its body saw, its value. */
export interface Story {
  readonly states: readonly string[];
  readonly saw: readonly unknown[];
  readonly value: Value;
}

/** As a body sees it: a list, an `error` where the task failed, `nothing`. */
export type Value = readonly unknown[] | "error" | "nothing";

export interface Model {
  /** By label: `t2-1[0]`. */
  readonly stories: ReadonlyMap<string, Story>;
  readonly flow: { readonly states: readonly string[]; readonly message: string | null };
}

interface Family {
  readonly own: Story;
  /** Null: it was not mapped. */
  readonly children: readonly Story[] | null;
}

const never: Story = { states: [], saw: [], value: "nothing" };
const only = (state: string, value: Value): Story => ({ states: [state], saw: [], value });
const last = ({ states }: Story): string => states.at(-1) ?? "Pending";
const isFailed = (story: Story): boolean => ["Failed", "TriggerFailed"].includes(last(story));
const isSuccessful = (story: Story): boolean => ["Success", "Skipped", "Mapped"].includes(last(story));
const isSkipped = (story: Story): boolean => last(story) === "Skipped";
const isFinished = (story: Story): boolean => isFailed(story) || isSuccessful(story);

export function play(flow: FlowDescription): Model {
  const families: Family[] = [];
  for (const [number, task] of flow.tasks.entries()) families.push(playTask(families, number, task));

  const stories = new Map<string, Story>();
  for (const [number, { own, children }] of families.entries()) {
    stories.set(labelOf(number, null), own);
    for (const [index, child] of (children ?? []).entries()) stories.set(labelOf(number, index), child);
  }
  return { stories, flow: playFlow(flow, families) };
}

function playFlow({ tasks, references }: FlowDescription, families: readonly Family[]): Model["flow"] {
  const isWaitedFor = (number: number): boolean =>
    tasks.some(({ inputs }) => inputs.some(({ from }) => from === number));
  const terminal = [...tasks.keys()].filter((number) => !isWaitedFor(number));
  const storiesOf = (numbers: readonly number[]): Story[] => numbers.flatMap((number) => countedOf(families, number));
  const decisive = storiesOf(references ?? terminal);
  if (![...storiesOf(terminal), ...decisive].every(isFinished)) return { states: ["Running"], message: null };
  if (decisive.some(isFailed)) return { states: ["Running", "Failed"], message: "Some reference tasks failed." };
  return { states: ["Running", "Success"], message: "All reference tasks succeeded." };
}

/** A mapped task stands for its children. */
function countedOf(families: readonly Family[], number: number): readonly Story[] {
  const family = familyOf(families, number);
  return family.children ?? [family.own];
}

function familyOf(families: readonly Family[], number: number): Family {
  const family = families[number];
  if (family === undefined) throw new Error(`task ${number} comes later`);
  return family;
}

function playTask(families: readonly Family[], number: number, task: TaskDescription): Family {
  if (!isMapped(task)) return { own: playRun(families, number, task, null), children: null };
  // What it is mapped over counts itself here; its children are the affair of the children.
  const upstream = task.inputs.flatMap(({ from, how }) =>
    how === "mapped" ? [familyOf(families, from).own] : countedOf(families, from),
  );
  if (!upstream.every(isFinished)) return { own: never, children: null };
  if (task.skipOnUpstreamSkip && upstream.some(isSkipped)) return { own: only("Skipped", "nothing"), children: null };
  const width = widthOf(families, task);
  if (width === null) return { own: only("Failed", "error"), children: null };
  const children = Array.from({ length: width }, (_, index) => playRun(families, number, task, index));
  return {
    own: only(
      "Mapped",
      children.map(({ value }) => value),
    ),
    children,
  };
}

/** The shortest list of those that there are; null: there is none, or something is no list. */
function widthOf(families: readonly Family[], { inputs }: TaskDescription): number | null {
  const mappedOver = inputs.filter(({ how }) => how === "mapped").map(({ from }) => familyOf(families, from));
  const there = mappedOver.filter(({ own }) => isSuccessful(own));
  if (there.length === 0) return null;
  const lengths = there.map(({ own }) => (Array.isArray(own.value) ? own.value.length : null));
  return lengths.includes(null) ? null : Math.min(...lengths.map(Number));
}

function playRun(families: readonly Family[], number: number, task: TaskDescription, mapIndex: number | null): Story {
  // Two inputs from one task run count once.
  const upstream = new Set<Story>();
  for (const { from, how } of task.inputs) {
    const { children } = familyOf(families, from);
    const child = how === "mapped" && mapIndex !== null ? children?.[mapIndex] : undefined;
    for (const each of child === undefined
      ? how === "mapped"
        ? [familyOf(families, from).own]
        : countedOf(families, from)
      : [child])
      upstream.add(each);
  }
  const all = [...upstream];
  if (!all.every(isFinished)) return never;
  if (task.skipOnUpstreamSkip && all.some(isSkipped)) return only("Skipped", "nothing");
  const refusal = triggerOf(task, all);
  if (refusal !== null) return only(refusal, refusal === "TriggerFailed" ? "error" : "nothing");
  return playBody(labelOf(number, mapIndex), task, mapIndex, inputsOf(families, task, mapIndex));
}

/** The state that the trigger sends the task to; null: it fires. */
function triggerOf({ trigger, thresholds, inputs }: TaskDescription, upstream: readonly Story[]): string | null {
  const isFirst = inputs.length === 0;
  const failures = upstream.filter(isFailed).length;
  const successes = upstream.filter(isSuccessful).length;
  const unless = (fires: boolean): string | null => (fires ? null : "TriggerFailed");
  const count = (limit: number): number => (limit < 1 ? limit * upstream.length : limit);
  const isWithin = (found: number): boolean =>
    found >= count(thresholds.atLeast ?? 0) && (thresholds.atMost === undefined || found <= count(thresholds.atMost));
  switch (trigger) {
    case "allSuccessful":
      return unless(failures === 0);
    case "allFailed":
      return unless(successes === 0);
    case "anySuccessful":
      return unless(isFirst || successes > 0);
    case "anyFailed":
      return unless(isFirst || failures > 0);
    case "allFinished":
      return null;
    case "manualOnly":
      return "Paused";
    case "notAllSkipped":
      return upstream.every(isSkipped) ? "Skipped" : unless(failures === 0);
    case "someFailed":
      return unless(isFirst || isWithin(failures));
    case "someSuccessful":
      return unless(isFirst || isWithin(successes));
  }
}

/** By the names of the inputs: `u0`, `u1`. */
function inputsOf(
  families: readonly Family[],
  { inputs }: TaskDescription,
  mapIndex: number | null,
): Readonly<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const [at, { from, how }] of inputs.entries()) {
    const { own, children } = familyOf(families, from);
    if (how === "whole") seen[`u${at}`] = own.value;
    // What has failed is no list: each child sees the failure.
    if (how === "mapped" && mapIndex !== null)
      seen[`u${at}`] = children?.[mapIndex]?.value ?? (Array.isArray(own.value) ? own.value[mapIndex] : own.value);
  }
  return seen;
}

function playBody(
  label: string,
  { acts, maxRetries, width }: TaskDescription,
  mapIndex: number | null,
  inputs: Readonly<Record<string, unknown>>,
): Story {
  const states: string[] = [];
  const saw: unknown[] = [];
  let run = 1;
  let loop = 1;
  let soFar: Value = "nothing";
  for (const act of [...(acts[mapIndex ?? 0] ?? []), ...Array<Act>(1).fill("return")]) {
    states.push("Running");
    saw.push({ run, loop, soFar, inputs });
    const list = Array.from({ length: width }, (_, at) => element(label, run, loop, at));
    switch (act) {
      case "return":
        return { states: [...states, "Success"], saw, value: list };
      case "success":
        return { states: [...states, "Success"], saw, value: "nothing" };
      case "skip":
        return { states: [...states, "Skipped"], saw, value: "nothing" };
      case "pause":
        return { states: [...states, "Paused"], saw, value: "nothing" };
      case "loop":
        states.push("Looped");
        loop += 1;
        soFar = list;
        break;
      case "retry":
        states.push("Retrying");
        run += 1;
        break;
      default: {
        const failure = act === "triggerFail" ? "TriggerFailed" : "Failed";
        if (run > maxRetries) return { states: [...states, failure], saw, value: "error" };
        states.push(failure, "Retrying");
        run += 1;
      }
    }
  }
  throw new Error("a body returns in the end");
}
