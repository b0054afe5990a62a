import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../../../src/testing/index.ts";
import { type Ended, flowRunner } from "../binary.ts";
import { readTrace, rowsOf } from "./trace-events.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));

let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;
let env: NodeJS.ProcessEnv;
const run = (words: readonly string[]): Promise<Ended> => flowRunner(words, { env });
const flow = async (...words: string[]): Promise<string> => {
  const { out, err, exitCode } = await run(words);
  expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
  return out.trim();
};
const execute = (id: string) => flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: id } });
const stateOf = async (id: string): Promise<unknown> =>
  (JSON.parse(await flow("runs", "--json")) as { id: string; state: string }[]).find((each) => each.id === id)?.state;
/** Takes the place of the artifact that was registered, as in a newer image. */
const replaceBy = (name: string) => flow("save", fixture(name), "--output", join(folder, ".prefect/means.prefect"));
const bodies = (text: string): (string | undefined)[] => [...text.matchAll(/item (\d)"/g)].map(([, item]) => item);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resume-"));
  api = await startApi();
  env = { HOME: folder, PREFECT__CLOUD__API: api.url };
  await run(["register", fixture("means"), "--project", "demo", "--create-project"]);
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

test("a failed run is resumed here: by a flow of the same tasks alone, which may be a mended one, and nothing that succeeded runs again", async () => {
  const id = await flow("create-run", "means");
  await execute(id);
  const refused = await run(["resume", id, "--artifact", fixture("means-other")]);
  expect(refused).toMatchObject({ exitCode: 2, out: "" });
  expect(refused.err).toMatch(/only \S+means-other\.ts has tidy-1; only the run has clean-1\..*\[SLUGS_DIFFER\]/);

  const registered = await run(["resume", id]);
  expect({ exitCode: registered.exitCode, bodies: bodies(registered.out) }).toEqual({ exitCode: 1, bodies: ["3"] });
  expect(await stateOf(id)).toBe("Failed");

  const trace = join(folder, "trace.json");
  const mended = await run(["resume", id, "--artifact", fixture("means-mended"), "--trace", trace]);
  expect({ exitCode: mended.exitCode, bodies: bodies(mended.out) }, mended.err).toEqual({ exitCode: 0, bodies: ["3"] });
  expect(mended.err).toMatch(/goes on here: sum, clean\[3\] run again, 6 kept\.\n/);
  expect(JSON.parse(mended.out.trim().split("\n").at(-1) ?? "")).toMatchObject({ counts: { Success: 7 } });
  const spans = rowsOf(readTrace(await readFile(trace, "utf8"))).flat();
  expect(new Set(spans.map(({ cat }) => cat))).toEqual(new Set(["run", "task", "result", "api"]));
  expect(await stateOf(id)).toBe("Success");
  expect(await flow("logs", id, "--level", "WARNING")).toMatch(
    /goes on with another artifact .*means-mended\.ts, sha256 [0-9a-f]{64}, in place of [0-9a-f]{64}/,
  );
  expect(await run(["resume", id])).toMatchObject({ exitCode: 2, err: expect.stringContaining("has succeeded") });
});

test("a newer image goes on with a run that was set back, where its tasks are the same, and begins none", async () => {
  const id = await flow("create-run", "means");
  await execute(id);
  await flow("retry", id);
  await replaceBy("means-other");
  expect(await execute(id)).toMatchObject({ exitCode: 2, err: expect.stringContaining("only the run has clean-1") });
  expect(await stateOf(id)).toBe("Failed");

  await flow("retry", id);
  await replaceBy("means-mended");
  expect(bodies((await execute(id)).out)).toEqual(["3"]);
  expect(await stateOf(id)).toBe("Success");
  expect(await flow("logs", id)).toMatch(/goes on with another artifact/);

  const begun = await execute(await flow("create-run", "means"));
  expect(begun).toMatchObject({ exitCode: 3, err: expect.stringContaining("ARTIFACT_DIGEST_MISMATCH") });
});
