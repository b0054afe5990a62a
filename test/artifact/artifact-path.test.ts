import { join, resolve } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { artifactPath, loadArtifact, readManifest, saveArtifact } from "../../src/artifact/index.ts";
import { emptyFolder, oneTask, project } from "./project.ts";

afterEach(() => vi.unstubAllEnvs());

test("a name is a file in the Prefect folder, anything with a slash or the extension is a path", () => {
  vi.stubEnv("PREFECT__HOME_DIR", undefined);
  vi.stubEnv("HOME", resolve("/root"));
  expect(artifactPath("Weather report (Zürich)")).toBe(resolve("/root/.prefect/weather-report-zurich.prefect"));
  expect(artifactPath("./weather")).toBe(resolve("weather"));
  expect(artifactPath("weather.prefect")).toBe(resolve("weather.prefect"));
  expect(artifactPath(resolve("/opt/flows/weather"))).toBe(resolve("/opt/flows/weather"));
  vi.stubEnv("PREFECT__HOME_DIR", resolve("/elsewhere"));
  expect(artifactPath("weather")).toBe(join(resolve("/elsewhere"), "weather.prefect"));
});

test("without an output each flow of a module is found by its name", async () => {
  const home = await emptyFolder();
  vi.stubEnv("PREFECT__HOME_DIR", home.folder);
  const author = await project({
    "flows.ts": `import { flow, task } from "flow-runner";
      const step = task("step", () => 1);
      export const first = flow("First flow", () => step({}));
      export const second = flow("second", () => step({}));`,
  });

  const saved = await saveArtifact({ flows: author.path("flows.ts") });

  expect(saved.path).toBe(home.path("first-flow.prefect"));
  for (const name of ["First flow", "second"]) {
    const { flows } = await loadArtifact(artifactPath(name), { digest: saved.digest });
    expect(flows.map((each) => each.name)).toContain(name);
  }
});

test("a flow's name may hold what would end a comment", async () => {
  const name = 'a */ b \u2028 c \n d " e \\ // f';
  const author = await project({ "flows.ts": oneTask(name, "return 7;") });
  const { path } = await saveArtifact({ flows: author.path("flows.ts"), output: author.path("out.prefect") });
  expect((await readManifest(path)).flows[0]?.name).toBe(name);
  const { flows } = await loadArtifact(path);
  expect(flows[0]?.name).toBe(name);
  expect(await flows[0]?.tasks.get(flows[0]?.graph.tasks[0]?.slug ?? "")?.run({})).toBe(7);
});
