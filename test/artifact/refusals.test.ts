import { readFile, truncate, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isCompatible, openArtifact } from "../../src/artifact/format/open-artifact.ts";
import { seal, splitFirstLine } from "../../src/artifact/format/seal.ts";
import { loadArtifact, readManifest, saveArtifact, verifyArtifact } from "../../src/artifact/index.ts";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { emptyFolder, oneTask, type Project, project } from "./project.ts";

async function savedFlow(): Promise<{ author: Project; path: string; digest: string; bytes: Buffer }> {
  const author = await project({ "a.ts": oneTask("a", "return 1;", "globalThis.ranByMistake = true;") });
  const { path, digest } = await saveArtifact({ flows: author.path("a.ts"), output: author.path("a.prefect") });
  Reflect.deleteProperty(globalThis, "ranByMistake");
  return { author, path, digest, bytes: await readFile(path) };
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof FlowRunnerError) return error.code;
    throw error;
  }
  return "accepted";
};

/** Saves a file under the manifest of `bytes` as changed, sealed as a saver of ours would seal it. */
function resealed(bytes: Buffer, change: (manifest: Record<string, unknown>) => object): Buffer {
  const { line, rest } = splitFirstLine(bytes) ?? { line: Buffer.alloc(0), rest: Buffer.alloc(0) };
  const { seal: _, ...manifest } = JSON.parse(line.toString().replace(/^\S+ flow-runner artifact /, ""));
  return seal({ ...manifest, ...change(manifest) }, rest).bytes;
}

test("no change of a single bit is accepted", async () => {
  const { path, bytes } = await savedFlow();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      expect(codeOf(() => openArtifact(path, changed, null))).toMatch(/^ARTIFACT_/);
    }),
    { numRuns: 3000 },
  );
});

test("no beginning of an artifact is accepted, and each is called truncated", async () => {
  const { path, bytes } = await savedFlow();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) => {
      expect(codeOf(() => openArtifact(path, bytes.subarray(0, length), null))).toBe("ARTIFACT_TRUNCATED");
    }),
    { numRuns: 1000 },
  );
});

test("a damaged file is never run", async () => {
  const { path, bytes } = await savedFlow();
  for (const at of [0, 30, bytes.indexOf("\n"), bytes.indexOf("ranByMistake"), bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    await writeFile(path, changed);
    await expect(loadArtifact(path)).rejects.toBeInstanceOf(FlowRunnerError);
  }
  await writeFile(path, Buffer.concat([bytes, Buffer.from("globalThis.ranByMistake = 1;\n")]));
  await expect(loadArtifact(path)).rejects.toMatchObject({ code: "ARTIFACT_HASH_MISMATCH" });
  expect(globalThis).not.toHaveProperty("ranByMistake");
  await writeFile(path, bytes);
  await loadArtifact(path);
  expect(globalThis).toHaveProperty("ranByMistake", true);
});

test("a truncated file is told from a changed one, with both sizes", async () => {
  const { path, bytes } = await savedFlow();
  await truncate(path, bytes.length - 10);
  await expect(loadArtifact(path)).rejects.toMatchObject({
    code: "ARTIFACT_TRUNCATED",
    message: expect.stringContaining(`${bytes.length - 10} bytes of ${bytes.length}`),
  });
  await truncate(path, 0);
  await expect(readManifest(path)).rejects.toMatchObject({ code: "ARTIFACT_TRUNCATED" });
});

test("a file other than the registered one is refused, with both digests", async () => {
  const { path, digest } = await savedFlow();
  const registered = "0".repeat(64);
  await expect(verifyArtifact(path, { digest: registered })).rejects.toMatchObject({
    code: "ARTIFACT_DIGEST_MISMATCH",
    message: expect.stringMatching(new RegExp(`${digest}.*${registered}`)),
  });
});

test("an artifact of a newer format says to use a newer flow-runner", async () => {
  const { path, bytes } = await savedFlow();
  await writeFile(path, bytes.toString().replace('{"format":1,', '{"format":2,'));
  for (const read of [readManifest, loadArtifact]) {
    await expect(read(path)).rejects.toMatchObject({
      code: "ARTIFACT_FORMAT_UNSUPPORTED",
      message: expect.stringMatching(/format 2; this flow-runner reads format 1\. Use a newer flow-runner/),
    });
  }
});

test("flow-runner's version must have the same major, below 1.0 the same minor too", async () => {
  expect(isCompatible("1.2.3", "1.0.0")).toBe(true);
  expect(isCompatible("2.0.0", "1.9.9")).toBe(false);
  expect(isCompatible("0.1.9", "0.1.0-beta.1")).toBe(true);
  expect(isCompatible("0.2.0", "0.1.0")).toBe(false);

  const { path, bytes } = await savedFlow();
  await writeFile(
    path,
    resealed(bytes, () => ({ flowRunner: "7.1.0" })),
  );
  await expect(loadArtifact(path)).rejects.toMatchObject({
    code: "ARTIFACT_VERSION_INCOMPATIBLE",
    message: expect.stringMatching(/saved with flow-runner 7\.1\.0, and this is .* same major/s),
  });
  expect((await readManifest(path)).flowRunner).toBe("7.1.0");
});

test("a well-sealed manifest of another shape is refused by field", async () => {
  const { path, bytes } = await savedFlow();
  const { line, rest } = splitFirstLine(bytes) ?? { line: Buffer.alloc(0), rest: Buffer.alloc(0) };
  await writeFile(path, Buffer.concat([line.subarray(0, -20), Buffer.from("\n"), rest]));
  await expect(loadArtifact(path)).rejects.toMatchObject({ code: "ARTIFACT_MANIFEST_INVALID" });
});

test.each([
  ["a Prefect 0.7 pickle", Buffer.from([0x80, 0x04, 0x95, 0x0a])],
  ["a Prefect 1.x envelope", Buffer.from('{"flow": "gASV", "versions": {"prefect": "1.4.1"}}')],
])("%s is called a Python flow", async (_, bytes) => {
  const folder = await emptyFolder();
  const path = folder.path("flow.prefect");
  await writeFile(path, bytes);
  for (const read of [readManifest, verifyArtifact, loadArtifact]) {
    await expect(read(path)).rejects.toMatchObject({
      code: "ARTIFACT_PYTHON_FLOW",
      exitCode: 3,
      message: expect.stringContaining("Python"),
    });
  }
});

test("what is no artifact says what it begins with", async () => {
  const folder = await emptyFolder();
  await folder.write({ "notes.txt": "Dear diary,\n" });
  await expect(readManifest(folder.path("notes.txt"))).rejects.toMatchObject({
    code: "ARTIFACT_NOT_ONE",
    message: expect.stringContaining("Dear diary"),
  });
});

test("a file that is not there, or is a folder, is told so", async () => {
  const folder = await emptyFolder();
  await expect(loadArtifact(folder.path("none.prefect"))).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
  await expect(loadArtifact(folder.folder)).rejects.toMatchObject({
    code: "ARTIFACT_NOT_READABLE",
    message: expect.stringContaining("EISDIR"),
  });
});
