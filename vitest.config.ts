import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { builtFolder } from "./test/cli/built-binary.ts";
import { builtHost } from "./test/host/built-host.ts";
import { SlowFilesFirst } from "./test/slow-files-first.ts";

export default defineConfig({
  plugins: [builtHost()],
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    env: { NODE_COMPILE_CACHE: join(builtFolder, "compiled") },
    globalSetup: ["test/cli/built-binary.ts", "test/shared-folder.ts", "test/prefect-3/shared-lifetime.ts"],
    // Many tests wait for containers and servers: three files at a time fill two cores.
    pool: "forks",
    maxWorkers: 3,
    sequence: { sequencer: SlowFilesFirst },
    // These end what hangs. On a machine that is busy with other things a test may take long, and is none the worse.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    reporters:
      process.env.CI === "true" ? ["default", ["json", { outputFile: ".cache/test-report.json" }]] : ["default"],
  },
});
