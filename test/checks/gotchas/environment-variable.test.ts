import { describe, expect, test } from "vitest";
import { warned } from "./warned.ts";

const about = "reads the environment variable";

describe("the gotcha environment-variable", () => {
  test.each([
    ["a property", "export const x = process.env.TOKEN;"],
    ["a text as property", 'export const x = process.env["TOKEN"];'],
    ["a constant as property", 'const name = "TOKEN"; export const x = process.env[name];'],
    ["destructuring", "const { TOKEN } = process.env; export const x = TOKEN;"],
    ["destructuring under another name", "const { TOKEN: key } = process.env; export const x = key;"],
    ["an import of process", 'import process from "node:process"; export const x = process.env.TOKEN;'],
    ["an import of env", 'import { env } from "node:process"; export const x = env.TOKEN;'],
    ["an alias", "const { env } = process; export const x = env.TOKEN;"],
    ["globalThis", "export const x = globalThis.process.env.TOKEN;"],
    ["a refusal", 'if (!process.env.TOKEN) throw new Error("no TOKEN"); export const x = 1;'],
    [
      "a refusal later",
      'const key = process.env.TOKEN; if (key === undefined) { throw new Error("no"); } export { key };',
    ],
    ["a function of its author's", 'const need = (name: string) => process.env[name]; export const x = need("TOKEN");'],
    [
      "a function that refuses",
      'function need(name: string) { const v = process.env[name]; if (!v) throw new Error(name); return v; } export const x = need("TOKEN");',
    ],
  ])("warns of a variable that is read by %s", async (_, source) => {
    expect(await warned(source)).toEqual([`environment-variable at 1: ${about} TOKEN, which nothing sets here`]);
    expect(await warned(source, { variables: { TOKEN: "a" } })).toEqual([]);
  });

  test.each([
    ["??", 'export const x = process.env.TOKEN ?? "none";'],
    ["||", 'export const x = process.env.TOKEN || "none";'],
    ["??=", 'process.env.TOKEN ??= "none"; export const x = process.env.TOKEN;'],
    ["a default in destructuring", 'const { TOKEN = "none" } = process.env; export const x = TOKEN;'],
    ["a test", 'export const x = () => { if (process.env.TOKEN) console.log("on"); };'],
    ["a negated test", "export const x = () => (!process.env.TOKEN ? 1 : 2);"],
    ["a test of a constant", "const on = process.env.TOKEN; export const x = () => (on ? 1 : 2);"],
    ["a comparison", 'export const x = process.env.TOKEN === "1";'],
    ["?.", 'export const x = process.env.TOKEN?.split(",");'],
    ["a function with a default", 'const of = (n: string) => process.env[n] ?? "none"; export const x = of("TOKEN");'],
    [
      "a function that is given a default",
      'function of(n: string, d?: string) { const v = process.env[n] || d; if (!v) throw new Error(n); return v; } export const x = of("TOKEN", "none");',
    ],
    ["setting it", 'process.env.TOKEN = "a"; export const x = process.env.TOKEN;'],
    [
      "a variable that everybody takes as it comes",
      "export const x = [process.env.NODE_ENV, process.env.HTTPS_PROXY];",
    ],
    ["one that agents set", "export const x = process.env.PREFECT__CONTEXT__FLOW_RUN_ID;"],
    ["a parameter that is called like process", "export const x = (process: any) => process.env.TOKEN;"],
    ["a text or a comment", 'export const x = "process.env.TOKEN"; // process.env.TOKEN'],
  ])("does not warn of one that need not be set: %s", async (_, source) => {
    expect(await warned(source)).toEqual([]);
  });

  test("warns of the API's key although it is set: a flow's code never has it", async () => {
    const source = "export const x = process.env.PREFECT__CLOUD__API_KEY;";
    expect(await warned(source, { variables: { PREFECT__CLOUD__API_KEY: "k" } })).toEqual([
      `environment-variable at 1: ${about} PREFECT__CLOUD__API_KEY, which is never given to a flow's code`,
    ]);
  });
});
