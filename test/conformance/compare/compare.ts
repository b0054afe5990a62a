/** A flow run's states as lines, by task run. */
export type Story = ReadonlyMap<string, readonly string[]>;

/** A task run that went another way, with what each runner made of it; null: it has no such task run. */
export interface Disagreement {
  readonly taskRun: string;
  readonly prefect: readonly string[] | null;
  readonly ours: readonly string[] | null;
}

/** Two stories are the same when their keys are; the order of task runs does not count. */
export const storyKey = (story: Story): string => JSON.stringify([...story].toSorted(([a], [b]) => (a < b ? -1 : 1)));

export function disagreements(prefect: Story, ours: Story): Disagreement[] {
  const labels = new Set([...prefect.keys(), ...ours.keys()]);
  return [...labels]
    .map((taskRun) => ({ taskRun, prefect: prefect.get(taskRun) ?? null, ours: ours.get(taskRun) ?? null }))
    .filter(({ prefect: expected, ours: seen }) => JSON.stringify(expected) !== JSON.stringify(seen));
}

/** For whoever reads a failed test: which task run, what Prefect did, what we did. */
export function describeDisagreement({ taskRun, prefect, ours }: Disagreement): string {
  const lines = (states: readonly string[] | null): string =>
    states === null ? "    (no such task run)" : states.map((state) => `    ${state}`).join("\n");
  return `  ${taskRun}\n   Prefect:\n${lines(prefect)}\n   flow-runner:\n${lines(ours)}`;
}
