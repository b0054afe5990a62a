/**
 * A step is an execution, a state that somebody sets meanwhile, or the wait until the server has recorded what the execution
 * before has told it: the next one goes on from that.
 */
type Step = "execute" | "recorded" | { readonly type: string };

/** One flow run of a flow of the table. */
export interface PlannedRun3 {
  /** Unique. */
  readonly name: string;
  readonly graph: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  /** It looks for results of the run before, which the server has to have recorded. */
  readonly findsResults?: boolean;
}

type Run = Omit<PlannedRun3, "name" | "graph">;

const finding = (...each: readonly Run[]): readonly Run[] =>
  each.map((run, index) => ({ ...run, findsResults: index > 0 }));
const twice = finding({}, {});
const withParameters = (...each: readonly Record<string, unknown>[]): readonly Run[] =>
  each.map((parameters) => ({ parameters }));
const steps = (...all: readonly Step[]): readonly Run[] => [{ steps: all }];

/** The runs of those flows that are not simply run once, without parameters. */
const planned: Readonly<Record<string, readonly Run[]>> = {
  "a parameter that the run gives": withParameters({ n: 5 }),
  // The second has not what it requires, the third what nobody knows.
  "a required parameter": withParameters({ n: 5 }, {}, { n: 5, m: 6 }),

  "cached for an hour": twice,
  "cached for all inputs": finding(...withParameters({ n: 1 }, { n: 1 }, { n: 2 })),
  "cached mapped children": finding(...withParameters({ list: [1, 2] }, { list: [2, 3] })),
  "cached after a retry": twice,
  "a target that is written, then found": twice,

  "executed again when it is finished": steps("execute", "recorded", { type: "PENDING" }, "execute"),
  "executed again when it has failed": steps("execute", "recorded", { type: "PENDING" }, "execute"),
  // Cancelled before its process has come up, told to be Crashed before, and begun by a process that is gone.
  "one task": [{}, ...["CANCELLED", "CANCELLING", "CRASHED", "RUNNING"].flatMap((type) => steps({ type }, "execute"))],
};

export const runsOf3 = (graph: string): readonly PlannedRun3[] =>
  (planned[graph] ?? [{}]).map((run, index) => ({
    ...{ name: index === 0 ? graph : `${graph}, run ${index + 1}`, graph },
    ...run,
  }));

/** The graphs that a plan is for. */
export const planned3 = Object.keys(planned);
