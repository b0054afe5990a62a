import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // Many tests start processes of their own; two files at a time fill two cores.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters:
      process.env.CI === "true" ? ["default", ["json", { outputFile: ".cache/test-report.json" }]] : ["default"],
  },
});
