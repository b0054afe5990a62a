import { describe, expect, test } from "vitest";
import { saveArtifact } from "../../src/artifact/index.ts";
import { gotchas } from "../../src/checks/index.ts";
import { checkFile } from "../../src/run/check.ts";
import { emptyFolder, oneTask, type Project, project } from "../artifact/project.ts";

const careless = oneTask("careless", "return [process.env.NOWHERE_SET, fetch('http://localhost:1')];");

/** A saved flow in a folder where nothing of its source is. */
async function saved(author: Project): Promise<string> {
  const output = (await emptyFolder()).path("careless.prefect");
  await saveArtifact({ flows: author.path("src/flow.ts"), output });
  return output;
}

const warnings = async (file: string, ignore: string[] = []) =>
  (await checkFile(file, { ignore })).filter(({ level }) => level === "warning");

describe("checking a file", () => {
  test("warns of the gotchas in the code, at the author's lines, of a source and of what it was saved as alike", async () => {
    const author = await project({ "src/flow.ts": careless });
    for (const file of [author.path("src/flow.ts"), await saved(author)]) {
      expect(await warnings(file)).toMatchObject(
        [
          {
            check: "gotchas",
            gotcha: "environment-variable",
            message: /^src\/flow\.ts:3 reads .*NOWHERE_SET.*\. Set it/,
          },
          { check: "gotchas", gotcha: "local-address", message: /^src\/flow\.ts:3 names localhost, .*\. Make the/ },
        ].map(({ message, ...rest }) => ({ ...rest, message: expect.stringMatching(message) as string })),
      );
    }
  });

  test("leaves out those that are to be ignored, and refuses a name that none has", async () => {
    const file = await saved(await project({ "src/flow.ts": careless }));
    expect(await warnings(file, ["local-address"])).toMatchObject([{ gotcha: "environment-variable" }]);
    expect(await warnings(file, ["local-address", "environment-variable"])).toEqual([]);
    const refused = { code: "OPTION_INVALID", message: expect.stringMatching(/"localhost".*local-address/) as string };
    await expect(checkFile(file, { ignore: ["localhost"] })).rejects.toMatchObject(refused);
  });

  test("lets a retry whose input nothing persists be ignored by its name too", async () => {
    const source = `import { flow, task } from "flow-runner";
const rows = task("rows", () => [1]);
const mean = task("mean", ({ of }: { of: number[] }) => of.length, { maxRetries: 1, retryDelay: "1s" });
export const theFlow = flow("means", () => mean({ of: rows() }));`;
    const author = await project({ "flow.ts": source });
    expect(await warnings(author.path("flow.ts"))).toMatchObject([{ gotcha: "unpersisted-input" }]);
    expect(await warnings(author.path("flow.ts"), ["unpersisted-input"])).toEqual([]);
  });

  test("looks at the files and packages of the place: beside a saved flow, not beside its source", async () => {
    const body = 'return [readFileSync(new URL("./x.csv", import.meta.url)), import.meta.resolve("only-here")];';
    const source = oneTask("reader", body, 'import { readFileSync } from "node:fs";');
    const author = await project({ "src/flow.ts": source, "src/x.csv": "1" });
    await author.install("only-here", "1.0.0");
    expect(await warnings(author.path("src/flow.ts"))).toEqual([]);
    const elsewhere = await warnings(await saved(author));
    expect(elsewhere.map(({ gotcha }) => gotcha)).toEqual(["missing-file", "missing-package"]);
  });

  test("knows every gotcha by one name", () => {
    const names = gotchas.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });
});
