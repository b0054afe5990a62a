import fc from "fast-check";

/** A task of a random flow; tasks are numbered and look only at those with lower numbers. */
export interface RandomTask {
  readonly upstream: readonly number[];
  /** Takes the result of its first upstream task apart. */
  readonly mapped: boolean;
  /** How long a list an unmapped one returns. */
  readonly width: number;
  readonly trigger: "allSuccessful" | "allFinished" | "anyFailed" | "allFailed";
  readonly maxRetries: number;
  /** By map index (an unmapped one is 0): how many attempts fail first, or that it skips itself. */
  readonly bodies: readonly (number | "skip")[];
}

export type RandomFlow = readonly RandomTask[];

const widest = 3;

const body = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 1, arbitrary: fc.constant("skip" as const) },
);

const trigger = fc.oneof(
  { weight: 4, arbitrary: fc.constant("allSuccessful" as const) },
  { weight: 1, arbitrary: fc.constantFrom("allFinished" as const, "anyFailed" as const, "allFailed" as const) },
);

const randomTask = (index: number): fc.Arbitrary<RandomTask> =>
  fc.record({
    upstream: fc.subarray(
      Array.from({ length: index }, (_, each) => each),
      { maxLength: Math.min(3, index) },
    ),
    mapped: fc.boolean(),
    width: fc.integer({ min: 0, max: widest }),
    trigger,
    maxRetries: fc.integer({ min: 0, max: 1 }),
    bodies: fc.array(body, { minLength: widest, maxLength: widest }),
  });

export const randomFlow: fc.Arbitrary<RandomFlow> = fc
  .integer({ min: 1, max: 7 })
  .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => randomTask(index))));

export const isMapped = (task: RandomTask): boolean => task.mapped && task.upstream.length > 0;

export const slugOf = (number: number): string => `t${number}-1`;

type Ending = "Success" | "Failed" | "TriggerFailed" | "Skipped" | "Mapped";

interface Ended {
  readonly own: Ending;
  readonly children: readonly Ending[] | null;
}

interface Expected {
  readonly endings: ReadonlyMap<string, Ending>;
  /** How many children each task that becomes Mapped has, by slug. */
  readonly widths: ReadonlyMap<string, number>;
  readonly flow: Ending;
}

const failed = (ending: Ending): boolean => ending === "Failed" || ending === "TriggerFailed";

/** Whether a task with upstream tasks may run; behind a mapped one without children it sees nothing of it. */
const fires: Record<RandomTask["trigger"], (seen: readonly Ending[]) => boolean> = {
  allSuccessful: (seen) => !seen.some(failed),
  allFinished: () => true,
  anyFailed: (seen) => seen.some(failed),
  allFailed: (seen) => seen.every(failed),
};

/** How every task run of a flow must end, worked out from the description alone; by label: `t2-1[0]`. */
export function oracle(flow: RandomFlow): Expected {
  const ended: Ended[] = [];
  const endings = new Map<string, Ending>();
  const widths = new Map<string, number>();
  const counted = (index: number): readonly Ending[] => {
    const { own, children } = ended[index] as Ended;
    return children ?? [own];
  };
  const one = (task: RandomTask, seen: readonly Ending[], index: number): Ending => {
    if (seen.includes("Skipped")) return "Skipped";
    if (task.upstream.length > 0 && !fires[task.trigger](seen)) return "TriggerFailed";
    const does = task.bodies[index] ?? 0;
    if (does === "skip") return "Skipped";
    return does > task.maxRetries ? "Failed" : "Success";
  };
  flow.forEach((task, number) => {
    const [first, ...rest] = task.upstream;
    const others = rest.flatMap(counted);
    if (!isMapped(task) || first === undefined) {
      const own = one(task, task.upstream.flatMap(counted), 0);
      ended.push({ own, children: null });
      endings.set(slugOf(number), own);
      return;
    }
    const over = ended[first] as Ended;
    const width = over.children?.length ?? flow[first]?.width ?? 0;
    const own: Ending = [over.own, ...others].includes("Skipped") ? "Skipped" : failed(over.own) ? "Failed" : "Mapped";
    const children = Array.from({ length: own === "Mapped" ? width : 0 }, (_, index) =>
      one(task, [over.children?.[index] ?? over.own, ...others], index),
    );
    ended.push({ own, children: own === "Mapped" ? children : null });
    endings.set(slugOf(number), own);
    if (own === "Mapped") widths.set(slugOf(number), width);
    for (const [index, child] of children.entries()) endings.set(`${slugOf(number)}[${index}]`, child);
  });
  const terminal = flow.flatMap((_task, number) =>
    flow.some(({ upstream }) => upstream.includes(number)) ? [] : counted(number),
  );
  return { endings, widths, flow: terminal.some(failed) ? "Failed" : "Success" };
}
