import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/**
 * The test files that take longest, the longest first, but for those that wait for the same image: what else runs
 * meanwhile is not to wait too.
 */
export const slowFiles: readonly string[] = [
  "test/conformance/conformance.test.ts",
  "test/e2e/image/inside.test.ts",
  "test/e2e/fault-suite.test.ts",
  "test/results/object-stores.test.ts",
  "test/conformance/prefect-3/conformance.test.ts",
  "test/e2e/resume.test.ts",
  "test/e2e/prefect-3/example.test.ts",
  "test/e2e/image/bad-cases.test.ts",
  "test/e2e/image/deploy-from-code.test.ts",
  "test/house/package.test.ts",
  "test/house/docs.test.ts",
  "test/e2e/prefect-3/by-hand.test.ts",
  "test/results/large-stream.test.ts",
  "test/e2e/secrets-fetching.test.ts",
  "test/e2e/image/agents.test.ts",
  "test/e2e/life-cycles.test.ts",
  "test/e2e/image/package-managers.test.ts",
  "test/e2e/prefect-3/restart.test.ts",
  "test/e2e/resume-two-containers.test.ts",
  "test/cli/api-commands.test.ts",
  "test/e2e/image/build-secrets.test.ts",
  "test/e2e/prefect-3/pauses.test.ts",
  "test/e2e/prefect-3/process-worker.test.ts",
  "test/run/prefect3/orchestrator.test.ts",
  "test/run/prefect3/deploy.test.ts",
  "test/cli/stopping.test.ts",
  "test/api/page/page.test.ts",
  "test/house/demo.test.ts",
  "test/e2e/agent.test.ts",
  "test/run/telemetry.test.ts",
  "test/run/register/register.test.ts",
  "test/e2e/prefect-3/stopping.test.ts",
  "test/conformance/embedded-api/prefect-1.4.1-server.test.ts",
  "test/e2e/secrets.test.ts",
  "test/run/life-cycles.test.ts",
  "test/host/child-host.test.ts",
];

/** Files that leave their process as they found it: they run one after the other in the same one. */
export const inOneProcess: readonly string[] = [
  "test/{api,checks,cloud,config,engine,environments,executors,flow,graph,secrets,state,storage}/**/*.test.ts",
];

/**
 * Starts the slow files first, so that a run does not end with one of them on a single core. Vitest itself knows how long
 * files take where they have run before; in a fresh clone it goes by their size, which says little. Those that share a process
 * come last, together: between others vitest would end it.
 */
export class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = slowFiles.findIndex((file) => moduleId.endsWith(`/${file}`));
      if (at !== -1) return at;
      return project.config.isolate ? slowFiles.length : slowFiles.length + 1;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
