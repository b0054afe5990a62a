import { FlowRunnerError } from "../../errors/index.ts";
import { meantBy } from "../../errors/meant-by.ts";
import { context, type FlowDefinition, type TaskDefinition } from "../../flow/index.ts";

/**
 * What runs in the place of a task's body. It gets the inputs of the task and, for a mock that only looks or changes a
 * little, the body itself; in it, `context` is the task's. It may return, throw and signal as a body does.
 */
export type TaskMock = (inputs: never, body: (inputs?: unknown) => unknown) => unknown;

/**
 * Mocks by the name of a task or its slug; with an index (`clean[3]`) for one child of a mapped task, which wins over the
 * one for all of them.
 *
 * All around the body stays as it is: triggers, retries (each attempt calls the mock, and `context.taskRunCount` tells which
 * it is), timeouts, caching, state handlers, result handlers.
 */
export type TaskMocks = Readonly<Record<string, TaskMock>>;

/** A mock of a body that never ends by itself: its task is TimedOut, without waiting for that, or cancelled with the run. */
export const hang: TaskMock = () => new Promise(() => undefined);

/** A flow with mocks in the place of bodies. */
export interface MockedFlow {
  readonly flow: FlowDefinition;
  /** Whether a body is one that only ends by its deadline. */
  hangs(slug: string, mapIndex: number | null): boolean;
}

/** @throws FlowRunnerError `TEST_MOCK_UNKNOWN`, which names the task that may have been meant; `TEST_MOCK_INVALID` */
export function withMocks(flow: FlowDefinition, mocks: TaskMocks): MockedFlow {
  const given = Object.entries(mocks).map(([name, mock]) => ({ name, mock, ...aimOf(flow, name, mock) }));
  const mockOf = (slug: string, mapIndex: number | null): TaskMock | undefined =>
    (
      given.find(({ slugs, index }) => index !== null && index === mapIndex && slugs.has(slug)) ??
      given.find(({ slugs, index }) => index === null && slugs.has(slug))
    )?.mock;
  const tasks = new Map(
    [...flow.tasks].map(([slug, task]) => {
      if (!given.some(({ slugs }) => slugs.has(slug))) return [slug, task] as const;
      return [slug, mocked(task, (mapIndex) => mockOf(slug, mapIndex))] as const;
    }),
  );
  return {
    flow: { ...flow, tasks },
    hangs: (slug, mapIndex) => mockOf(slug, mapIndex) === hang,
  };
}

function mocked(task: TaskDefinition, mockFor: (mapIndex: number | null) => TaskMock | undefined): TaskDefinition {
  return {
    ...task,
    run: (inputs) => {
      const mock = mockFor(context.mapIndex);
      if (mock === undefined) return task.run(inputs);
      return mock(inputs as never, (other = inputs) => task.run(other as Record<string, unknown>));
    },
  };
}

/** Which tasks a mock is for. */
function aimOf(
  flow: FlowDefinition,
  wanted: string,
  mock: unknown,
): { slugs: ReadonlySet<string>; index: number | null } {
  if (typeof mock !== "function") throw new FlowRunnerError("TEST_MOCK_INVALID", { task: wanted, given: typeof mock });
  const tasks = flow.graph.tasks.filter(({ kind }) => kind === "task");
  const exact = tasks.filter(({ name, slug }) => name === wanted || slug === wanted);
  const [, name = wanted, index = null] = exact.length > 0 ? [] : (/^(.*?)(?:\[(\d+)\])?$/s.exec(wanted) ?? []);
  const found = exact.length > 0 ? exact : tasks.filter((task) => task.name === name || task.slug === name);
  if (found.length === 0) {
    const names = [...new Set(tasks.map((task) => task.name))];
    const meant = meantBy(name, names);
    throw new FlowRunnerError("TEST_MOCK_UNKNOWN", { flow: flow.graph.name, task: wanted, tasks: names, meant });
  }
  return { slugs: new Set(found.map(({ slug }) => slug)), index: index === null ? null : Number(index) };
}
