import { join } from "node:path";
import { defineConfig, type TestUserConfig } from "vitest/config";
import { builtFolder } from "./test/cli/built-binary.ts";
import { builtHost } from "./test/host/built-host.ts";
import { inOneProcess, SlowFilesFirst } from "./test/slow-files-first.ts";

/** Many tests wait for containers and servers: three files at a time fill two cores. */
const maxWorkers = 3;

const every: TestUserConfig = {
  environment: "node",
  env: { NODE_COMPILE_CACHE: join(builtFolder, "compiled") },
  pool: "forks",
  maxWorkers,
  // These end what hangs. On a machine that is busy with other things a test may take long, and is none the worse.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [builtHost()],
        test: { ...every, name: "own process", include: ["test/**/*.test.ts"], exclude: [...inOneProcess] },
      },
      {
        plugins: [builtHost()],
        // To start a process and to load the sources in it takes longer than most of these files.
        test: { ...every, name: "one process", include: [...inOneProcess], isolate: false },
      },
    ],
    globalSetup: ["test/cli/built-binary.ts", "test/shared-folder.ts", "test/prefect-3/shared-lifetime.ts"],
    maxWorkers,
    sequence: { sequencer: SlowFilesFirst },
    reporters:
      process.env.CI === "true" ? ["default", ["json", { outputFile: ".cache/test-report.json" }]] : ["default"],
  },
});
