import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    globalSetup: ["test/cli/built-binary.ts", "test/prefect-3/shared-lifetime.ts"],
    // Many tests wait for containers and servers: three files at a time fill two cores.
    pool: "forks",
    maxWorkers: 3,
    // These end what hangs. On a machine that is busy with other things a test may take long, and is none the worse.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    reporters:
      process.env.CI === "true" ? ["default", ["json", { outputFile: ".cache/test-report.json" }]] : ["default"],
  },
});
