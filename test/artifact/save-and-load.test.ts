import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadArtifact, readManifest, saveArtifact, verifyArtifact } from "../../src/artifact/index.ts";
import { emptyFolder, oneTask, project, runScript, weatherProject } from "./project.ts";

test("a flow runs from its artifact where nothing of its project is, but its packages", async () => {
  const author = await weatherProject();
  const image = await emptyFolder();
  const saved = await saveArtifact({
    flows: author.path("src/weather.ts"),
    output: image.path("root/.prefect/weather-report.prefect"),
  });
  await cp(author.path("node_modules"), image.path("app/node_modules"), { recursive: true });
  await rm(author.folder, { recursive: true });

  const { flows, warnings } = await loadArtifact(saved.path, { applicationFolder: image.path("app") });

  const [weather] = flows;
  expect(flows).toHaveLength(1);
  expect(warnings).toEqual([]);
  expect(weather?.name).toBe("Weather report");
  expect(weather?.graph.tasks.map(({ slug }) => slug)).toEqual(["month", "read-1", "average-1", "check-1", "label-1"]);
  const run = (slug: string, inputs: Record<string, unknown>) => weather?.tasks.get(slug)?.run(inputs);
  const rows = run("read-1", { month: 7 });
  expect(run("average-1", { rows })).toBe(23);
  expect(await run("label-1", { value: 23 })).toBe("[23 °C]1");
  expect(weather?.visualize()).toContain("average");
});

test("the first line is the manifest: flows, versions, exact packages, hash of the rest", async () => {
  const author = await weatherProject();
  const { path, manifest, digest } = await saveArtifact({
    flows: author.path("src/weather.ts"),
    output: author.path("weather.prefect"),
  });

  const bytes = await readFile(path);
  const end = bytes.indexOf("\n");
  const line = bytes.subarray(0, end).toString();
  expect(line.startsWith("// flow-runner artifact {")).toBe(true);
  const shown = JSON.parse(line.slice("// flow-runner artifact ".length));
  const rest = createHash("sha256")
    .update(bytes.subarray(end + 1))
    .digest("hex");
  expect(shown).toMatchObject({
    format: 1,
    flows: [{ name: "Weather report", slug: "weather-report", tasks: 5 }],
    flowRunner: JSON.parse(await readFile("package.json", "utf8")).version,
    node: process.versions.node,
    packages: { "bracket-pairs": "0.3.7", "round-numbers": "2.1.0" },
    references: [
      { specifier: "bracket-pairs", kind: "require", importedBy: ["src/lib/legacy.cjs"], optional: false },
      { specifier: "round-numbers", kind: "import", importedBy: ["src/weather.ts"], optional: false },
    ],
    sha256: rest,
  });
  expect(digest).toBe(rest);
  expect(await readManifest(path)).toEqual(manifest);
  expect(await verifyArtifact(path, { digest })).toEqual(manifest);
});

test("the same source gives the same bytes, wherever the project lies, and no byte tells where it lay", async () => {
  const [here, there] = [await weatherProject(), await weatherProject()];
  const texts: string[] = [];
  for (const author of [here, there]) {
    const { path } = await saveArtifact({ flows: author.path("src/weather.ts"), output: author.path("w.prefect") });
    texts.push(await readFile(path, "utf8"));
  }
  expect(texts[0]).toBe(texts[1]);
  const [map] = /(?<=base64,)\S+/.exec(texts[0] ?? "") ?? [];
  const everything = texts[0] + Buffer.from(map ?? "", "base64").toString();
  expect(everything).toContain("flow:src/lib/refuse-cold.ts");
  expect(everything).not.toContain(here.folder);
  expect(everything).not.toContain("COMMENT-THAT-IS-NOT-SAVED");
});

test("an error in a task's body shows the author's file and line", async () => {
  const author = await weatherProject();
  const { path } = await saveArtifact({ flows: author.path("src/weather.ts"), output: author.path("w.prefect") });
  const lines = (await readFile(author.path("src/lib/refuse-cold.ts"), "utf8")).split("\n");
  const line = lines.findIndex((text) => text.includes("throw")) + 1;

  const { stdout } = await runScript(
    author.folder,
    `const { flows } = await artifact.loadArtifact(${JSON.stringify(path)});
     try { flows[0].tasks.get("check-1").run({ value: 3 }); } catch (error) { console.log(error.stack); }`,
  );

  expect(stdout).toContain("TooCold: 3 is too cold");
  expect(stdout).toMatch(new RegExp(`at refuseCold \\(flow:src/lib/refuse-cold\\.ts:${line}:\\d+\\)`));
  expect(stdout).toMatch(/flow:src\/weather\.ts:\d+/);
});

test("a flow that was loaded can be saved again, the same bytes", async () => {
  const author = await weatherProject();
  const first = await saveArtifact({ flows: author.path("src/weather.ts"), output: author.path("1.prefect") });
  const [loaded] = (await loadArtifact(first.path, { applicationFolder: author.folder })).flows;
  if (loaded === undefined) throw new Error("nothing was loaded");
  await rm(author.path("src"), { recursive: true });

  const second = await saveArtifact({ flows: loaded, output: author.path("2.prefect") });

  expect(await readFile(second.path)).toEqual(await readFile(first.path));
  expect(second.digest).toBe(first.digest);

  await writeFile(first.path, (await readFile(first.path, "utf8")).replace("mean", "MEAN"));
  await expect(saveArtifact({ flows: loaded, output: author.path("3.prefect") })).rejects.toMatchObject({
    code: "ARTIFACT_HASH_MISMATCH",
  });
});

test("a flow that was replaced since it was loaded is not saved in its stead", async () => {
  const author = await project({ "a.ts": oneTask("a") });
  const { path } = await saveArtifact({ flows: author.path("a.ts"), output: author.path("a.prefect") });
  const [loaded] = (await loadArtifact(path)).flows;
  if (loaded === undefined) throw new Error("nothing was loaded");
  await author.write({ "b.ts": oneTask("a").replace("() => only({})", "() => { only({}); only({}); }") });
  await saveArtifact({ flows: author.path("b.ts"), output: path });

  await expect(saveArtifact({ flows: loaded, output: author.path("c.prefect") })).rejects.toThrow(
    /replaced since then\. Load it again/,
  );
});

test("a failed save leaves what was there, and nothing beside it", async () => {
  const author = await project({ "good.ts": oneTask("good"), "bad.ts": oneTask("bad", "", 'throw new Error("no");') });
  const output = author.path("out/flow.prefect");
  await saveArtifact({ flows: author.path("good.ts"), output });
  const before = await readFile(output);

  await expect(saveArtifact({ flows: author.path("bad.ts"), output })).rejects.toMatchObject({
    code: "ARTIFACT_MODULE_THREW",
  });

  expect(await readFile(output)).toEqual(before);
  expect(await readdir(author.path("out"))).toEqual(["flow.prefect"]);
});

test("a place that cannot be written is named, with the reason", async () => {
  const author = await project({ "a.ts": oneTask("a"), "a-file": "" });
  const output = author.path("a-file", "flow.prefect");
  await expect(saveArtifact({ flows: author.path("a.ts"), output })).rejects.toMatchObject({
    code: "ARTIFACT_NOT_WRITABLE",
    message: expect.stringContaining(output),
  });
});

test("who reads while others save sees one whole artifact or the other", async () => {
  const author = await project({
    "one.ts": oneTask("one"),
    "two.ts": oneTask("two", `return "${"long ".repeat(50_000)}";`),
  });
  const output = author.path("flow.prefect");
  await saveArtifact({ flows: author.path("one.ts"), output });
  let saving = true;
  const seen = new Set<string | undefined>();
  const read = async () => {
    while (saving) seen.add((await verifyArtifact(output)).flows[0]?.name);
  };
  const save = async () => {
    for (const entry of Array.from({ length: 10 }, () => ["one.ts", "two.ts"]).flat()) {
      await saveArtifact({ flows: author.path(entry), output });
    }
    saving = false;
  };
  await Promise.all([save(), read(), read()]);
  expect([...seen].sort()).toEqual(["one", "two"]);
  expect((await readdir(author.folder)).filter((name) => name.includes("flow.prefect"))).toEqual(["flow.prefect"]);
});
