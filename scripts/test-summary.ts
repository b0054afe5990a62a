import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";

/**
 * `node scripts/test-summary.ts REPORT CODE`: prints `N passed, N failed` of vitest's JSON report and exits with CODE. What failed
 * outside of a test (a check, a test file that does not load) counts as one failure, so that the line never hides it.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [file = "", code = "1"] = positionals;

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
});

function readReport(): z.infer<typeof report> {
  try {
    return report.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    console.log(`There is no test report: ${error instanceof Error ? error.message : String(error)}`);
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  }
}

const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = readReport();
const failed = code === "0" ? numFailedTests : Math.max(1, numFailedTests);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
