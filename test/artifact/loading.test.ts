import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { isLoading, loadArtifact, loadSource, saveArtifact } from "../../src/artifact/index.ts";
import { whileLoading } from "../../src/artifact/module/loading.ts";
import { oneTask, project, runScript } from "./project.ts";

test("verbs at a module's top level act when the module is started, and not when it is loaded", async () => {
  const author = await project({
    "flows.ts": `${oneTask("acts", 'process.stdout.write("body ran\\n"); return 1;')}
      await new Promise((resolve) => setImmediate(resolve));
      await theFlow.run();
      await theFlow.save("saved-by-itself.prefect");
      process.stdout.write("end of module\\n");`,
  });
  const { path } = await saveArtifact({ flows: author.path("flows.ts"), output: author.path("out.prefect") });
  const script = (load: string) => `await artifact.${load}; console.log(artifact.isLoading());
    console.log((await import("node:fs")).existsSync("saved-by-itself.prefect"));`;

  const loaded = await runScript(author.folder, script(`loadArtifact(${JSON.stringify(path)})`));
  expect(loaded).toMatchObject({ code: 0, stdout: "end of module\nfalse\nfalse\n" });
  const imported = await runScript(author.folder, script('loadSource("flows.ts")'));
  expect(imported).toMatchObject({ code: 0, stdout: "end of module\nfalse\nfalse\n" });

  // Loading another module first makes `flow-runner` known to this project, which has not installed it.
  await author.write({ "other.ts": oneTask("other") });
  const started = await runScript(
    author.folder,
    `await artifact.loadSource("other.ts"); await import(${JSON.stringify(pathToFileURL(author.path("flows.ts")).href)});
    console.log((await artifact.readManifest("saved-by-itself.prefect")).flows[0].name);`,
  );
  expect(started).toMatchObject({ code: 0, stdout: "body ran\nend of module\nend of module\nacts\n" });
});

test("a timer that a module starts while it is loaded acts as anyone when it fires", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const during = await whileLoading(async () => {
    setImmediate(() => setImmediate(() => resolve(isLoading())));
    return isLoading();
  });
  expect(during).toBe(true);
  expect(isLoading()).toBe(false);
  expect(await promise).toBe(false);
});

test("what else the process does meanwhile is not loading, and a failed load ends too", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const loading = whileLoading(() => promise);
  expect(isLoading()).toBe(false);
  resolve();
  await loading;
  await expect(whileLoading(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(isLoading()).toBe(false);
});

test("two artifacts that are loaded at once keep their flows and their packages apart", async () => {
  const [one, two] = await Promise.all(
    ["1.0.0", "2.0.0"].map(async (version) => {
      const author = await project({
        "flows.ts": oneTask(`flow ${version}`, "return version;", 'import { version } from "shared"; await 1;'),
      });
      await author.install("shared", version);
      const { path } = await saveArtifact({ flows: author.path("flows.ts"), output: author.path("out.prefect") });
      return { path, applicationFolder: author.folder };
    }),
  );
  if (one === undefined || two === undefined) throw new Error("nothing was saved");
  const loaded = await Promise.all([one, two].map(({ path, ...options }) => loadArtifact(path, options)));
  const results = loaded.map(({ flows }) => flows[0]?.tasks.get("only-1")?.run({}));
  expect(await Promise.all(results)).toEqual(["1.0.0", "2.0.0"]);
});

test("a file that is saved anew is loaded anew in the same process", async () => {
  const author = await project({ "one.ts": oneTask("same", "return 1;"), "two.ts": oneTask("same", "return 2;") });
  const output = author.path("out.prefect");
  const results: unknown[] = [];
  for (const entry of ["one.ts", "two.ts"]) {
    await saveArtifact({ flows: author.path(entry), output });
    results.push(await (await loadArtifact(output)).flows[0]?.tasks.get("only-1")?.run({}));
  }
  expect(results).toEqual([1, 2]);
});

test("a source that is loaded twice is run once", async () => {
  const author = await project({
    "flows.ts": oneTask("once", "return 1;", "globalThis.timesRun = (globalThis.timesRun ?? 0) + 1;"),
  });
  await Promise.all([loadSource(author.path("flows.ts")), loadSource(author.path("flows.ts"))]);
  expect(globalThis).toHaveProperty("timesRun", 1);
  Reflect.deleteProperty(globalThis, "timesRun");
});
