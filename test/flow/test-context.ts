import { type RunContext, runDates } from "../../src/flow/index.ts";

const none = (): Promise<never> => Promise.reject(new Error("there is no API"));

/** The context of a task run, of which a test only says what matters to it. */
export function testContext(overrides: Partial<RunContext> = {}): RunContext {
  return {
    ...runDates(Date.UTC(2012, 0, 31, 12)),
    parameters: {},
    flowName: "test",
    flowRunId: null,
    taskName: "task",
    taskSlug: "task-1",
    taskRunId: null,
    mapIndex: null,
    taskRunCount: 1,
    loopCount: 1,
    loopResult: undefined,
    resume: false,
    signal: new AbortController().signal,
    logger: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} },
    secrets: { get: (name) => Promise.reject(new Error(`no secret ${name}`)) },
    artifacts: {
      markdown: async () => "",
      table: async () => "",
      link: async () => "",
      image: async () => "",
      progress: async () => "",
      updateProgress: async () => {},
    },
    variables: { get: async (_name: string, fallback?: unknown) => fallback as never, set: async () => {} },
    flowRun: { pause: none, suspend: none, runDeployment: none },
    concurrency: async <Value>(...[_names, options, run = options]: readonly unknown[]) => (run as () => Value)(),
    rateLimit: async () => {},
    ...overrides,
  };
}
