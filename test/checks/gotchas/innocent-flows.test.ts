import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readFlowCode } from "../../../src/artifact/index.ts";
import { checkGotchas } from "../../../src/checks/index.ts";
import { weatherProject } from "../../artifact/project.ts";

const root = join(import.meta.dirname, "../../..");
const needsPackages = "test/artifact/fixtures/weather/src/weather.ts";

/** The example, and the flows of other tests, which know nothing of gotchas. */
const modules = globSync(["docker/example/src/*.ts", "test/**/fixtures/**/*.ts"], { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /from "flow-runner"/.test(readFileSync(join(root, path), "utf8")) && path !== needsPackages)
  .sort();

/** What the tests set for their flows, addresses whose defaults are those of this machine among it, and what every image has. */
const variables = {
  SURVEY_S3: "http://s3",
  TEST_S3: "http://s3",
  MENDED: "1",
  PAUSES_FAILING: "1",
  PRICES_MENDED: "1",
  HOME: "/root",
  PATH: "/usr/bin",
};

async function warnings(path: string): Promise<string[]> {
  const code = await readFlowCode(path, { source: true, applicationFolder: null });
  return checkGotchas(code, [], { variables, exists: existsSync }).flatMap(({ level, message }) =>
    level === "warning" ? [message] : [],
  );
}

describe("the gotchas", () => {
  test("have enough to prove themselves on", () => {
    expect(modules.length).toBeGreaterThan(12);
    expect(modules).toContain("docker/example/src/weather.ts");
  });

  test.each(modules)("raise no false alarm about %s", async (path) => {
    expect(await warnings(join(root, path))).toEqual([]);
  });

  test("raise none about a project with packages, CommonJS and JSON", async () => {
    expect(await warnings((await weatherProject()).path("src/weather.ts"))).toEqual([]);
  });
});
