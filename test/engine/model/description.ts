import fc from "fast-check";

/** What a body does when it is entered. */
export type Act = "return" | "throw" | "fail" | "triggerFail" | "skip" | "success" | "retry" | "loop" | "pause";

export interface Input {
  /** The number of an earlier task. */
  readonly from: number;
  /** `after` takes no value; `mapped` takes the value apart. */
  readonly how: "whole" | "mapped" | "after";
}

export interface TaskDescription {
  readonly inputs: readonly Input[];
  readonly trigger: TriggerName;
  readonly thresholds: { readonly atLeast?: number; readonly atMost?: number };
  readonly skipOnUpstreamSkip: boolean;
  readonly maxRetries: number;
  /** How long the list is that it returns. */
  readonly width: number;
  /** By map index (0 for a task that is not mapped), then by how often the body was entered; beyond: `return`. */
  readonly acts: readonly (readonly Act[])[];
}

export const triggerNames = [
  "allSuccessful",
  "allFailed",
  "anySuccessful",
  "anyFailed",
  "allFinished",
  "manualOnly",
  "notAllSkipped",
  "someFailed",
  "someSuccessful",
] as const;
export type TriggerName = (typeof triggerNames)[number];

export interface FlowDescription {
  readonly tasks: readonly TaskDescription[];
  /** Numbers of tasks; null: those that nothing waits for. */
  readonly references: readonly number[] | null;
}

export const widest = 3;

const act = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<Act>("return") },
  { weight: 4, arbitrary: fc.constantFrom<Act>("throw", "fail", "retry", "loop") },
  { weight: 2, arbitrary: fc.constantFrom<Act>("success", "skip", "triggerFail") },
  { weight: 1, arbitrary: fc.constantFrom<Act>("pause") },
);

const limit = fc.constantFrom(0, 0.34, 0.5, 1, 2);

const describedTask = (number: number): fc.Arbitrary<TaskDescription> =>
  fc.record({
    inputs: fc
      .array(
        fc.record({
          from: fc.integer({ min: 0, max: Math.max(0, number - 1) }),
          how: fc.constantFrom("whole", "whole", "mapped", "mapped", "after"),
        }),
        { maxLength: number === 0 ? 0 : 3 },
      )
      .map((inputs) => inputs as readonly Input[]),
    trigger: fc.oneof(
      { weight: 2, arbitrary: fc.constant<TriggerName>("allSuccessful") },
      { weight: 3, arbitrary: fc.constantFrom(...triggerNames) },
    ),
    thresholds: fc.record({ atLeast: limit, atMost: limit }, { requiredKeys: [] }),
    skipOnUpstreamSkip: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, fc.boolean()),
    maxRetries: fc.integer({ min: 0, max: 2 }),
    width: fc.integer({ min: 0, max: widest }),
    acts: fc.array(fc.array(act, { maxLength: 4 }), { minLength: widest, maxLength: widest }),
  });

export const describedFlow: fc.Arbitrary<FlowDescription> = fc.integer({ min: 1, max: 7 }).chain((count) =>
  fc.record({
    tasks: fc.tuple(...Array.from({ length: count }, (_, number) => describedTask(number))),
    references: fc.option(fc.subarray([...Array(count).keys()], { minLength: 1 }), { freq: 3 }),
  }),
);

export const isMapped = ({ inputs }: TaskDescription): boolean => inputs.some(({ how }) => how === "mapped");

export const labelOf = (number: number, mapIndex: number | null): string =>
  mapIndex === null ? `t${number}-1` : `t${number}-1[${mapIndex}]`;

/** One element of the list that a body returns, told apart from every other one. */
export const element = (label: string, run: number, loop: number, at: number): string =>
  `${label} ${run}.${loop} ${at}`;
