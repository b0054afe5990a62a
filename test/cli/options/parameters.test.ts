import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseParameter, readParameters } from "../../../src/cli/options/parameters.ts";

describe("-p name=value", () => {
  test("every JSON value that JavaScript holds exactly arrives as it was", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("="));
    fc.assert(
      fc.property(name, fc.jsonValue(), (key, value) => {
        const exact = JSON.parse(JSON.stringify(value)) as unknown;
        fc.pre(!/(?<![\d.e])-?\d{16,}/.test(JSON.stringify(value)));
        expect(parseParameter(`${key}=${JSON.stringify(value)}`)).toEqual([key, exact]);
      }),
    );
  });

  test("what is no JSON is text, character by character", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        fc.pre(!isJson(value));
        expect(parseParameter(`p=${value}`)).toEqual(["p", value]);
      }),
    );
  });

  test.each([
    ["day=2012-01-01", "2012-01-01"],
    ["n=3", 3],
    ['n="3"', "3"],
    ["on=true", true],
    ["nothing=null", null],
    ["empty=", ""],
    ["query=a=b", "a=b"],
    ["big=9007199254740991", 9007199254740991],
    ["nan=NaN", "NaN"],
  ])("%s", (option, value) => {
    expect(parseParameter(option)[1]).toBe(value);
  });

  test.each(["days", "=3", ""])("%j has no name or no value", (option) => {
    expect(() => parseParameter(option)).toThrow(/name=value is expected/);
  });

  test.each(["id=12345678901234567890", 'rows=[{"id": 9007199254740993}]', "x=1e999"])(
    "%s would arrive as another number, and is refused",
    (option) => {
      expect(() => parseParameter(option)).toThrow(/cannot hold exactly/);
    },
  );
});

describe("all parameters of a command", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parameters-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = async (content: string) => {
    const file = join(folder, "parameters.json");
    await writeFile(file, content);
    return file;
  };

  test("-p wins over the file", async () => {
    const file = await write('{"days": ["2012-01-01"], "zone": "eu"}');
    expect(await readParameters(['days=["2012-01-02"]'], file)).toEqual({ days: ["2012-01-02"], zone: "eu" });
  });

  test("one given twice is a mistake", async () => {
    await expect(readParameters(["n=1", "n=2"], undefined)).rejects.toThrow(/"n" is given twice/);
  });

  test("__proto__ is a name like any other", async () => {
    const values = await readParameters(['__proto__={"polluted": true}'], undefined);
    expect(Object.hasOwn(values, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([["[1]"], ["{"], ['"text"'], [""]])("a file of %j is refused with its name", async (content) => {
    const file = await write(content);
    await expect(readParameters([], file)).rejects.toThrow(`The parameter file ${file} cannot be used`);
  });

  test("a file that is not there is named", async () => {
    await expect(readParameters([], "/nowhere/p.json")).rejects.toMatchObject({
      code: "PARAMETER_FILE_INVALID",
      exitCode: 2,
    });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
