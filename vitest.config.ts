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
    // Tests that kill processes at random moments meet, once in many runs, a moment that nobody thought of. On a person's
    // machine it fails at once; CI tries again before it says so.
    retry: process.env.CI === "true" ? 2 : 0,
    reporters:
      process.env.CI === "true" ? ["default", ["json", { outputFile: ".cache/test-report.json" }]] : ["default"],
  },
});
