/** What the flow runner does next with a task run. */
export type Verdict =
  /** Finished, or left as it is: downstream tasks may look at it. */
  | { readonly kind: "settled" }
  | { readonly kind: "mapped"; readonly width: number }
  /** Come back at this time (epoch milliseconds); holds no slot meanwhile. */
  | { readonly kind: "wait"; readonly until: number };

/** The same, while the task run is still in hand: `again` takes it through the steps once more. */
export type Step = Verdict | { readonly kind: "again" };

export const settled: Verdict = { kind: "settled" };
