import { describe, expect, test } from "vitest";
import { findApiAccess, parseAuthorEnvironment } from "../../src/config/index.ts";

const noFile = { path: "/none", tables: {} };
const dialectOf = (env: Record<string, string>) => parseAuthorEnvironment(env, noFile).apiDialect;

/** What every agent sets. */
const always = { PREFECT__CLOUD__API: "https://api.prefect.io", PREFECT__CONTEXT__FLOW_RUN_ID: "fr" };

describe("the dialect of the API that an environment names", () => {
  test.each<[string, Record<string, string>, "0.7" | "1.x" | "3"]>([
    ["0.7.0's Docker agent", { ...always, PREFECT__CLOUD__AUTH_TOKEN: "t" }, "0.7"],
    ["0.7.0's Nomad agent", { PREFECT__CLOUD__AUTH_TOKEN: "XX", PREFECT__CLOUD__AGENT__AUTH_TOKEN: "t" }, "0.7"],
    [
      "0.7.0's Kubernetes environment",
      { PREFECT__CLOUD__GRAPHQL: "https://h/graphql/alpha", PREFECT__CLOUD__AUTH_TOKEN: "t" },
      "0.7",
    ],
    ["an address at 0.7's endpoint", { PREFECT__CLOUD__API: "https://h/graphql/alpha/" }, "0.7"],
    [
      "1.4.1's Docker agent",
      {
        ...always,
        PREFECT__BACKEND: "cloud",
        PREFECT__CLOUD__API_KEY: "k",
        PREFECT__CLOUD__AUTH_TOKEN: "k",
        PREFECT__CLOUD__TENANT_ID: "t",
        PREFECT__CONTEXT__FLOW_ID: "f",
      },
      "1.x",
    ],
    [
      "1.4.1's agent of a server without keys",
      { ...always, PREFECT__BACKEND: "server", PREFECT__CLOUD__API_KEY: "", PREFECT__CLOUD__AUTH_TOKEN: "" },
      "1.x",
    ],
    [
      "0.14's agent, with a token",
      { ...always, PREFECT__CLOUD__AUTH_TOKEN: "t", PREFECT__CONTEXT__FLOW_ID: "f" },
      "1.x",
    ],
    ["nothing but an address", { PREFECT__CLOUD__API: "http://localhost:4200" }, "1.x"],
    ["a worker of Prefect 3", { PREFECT_API_URL: "http://h/api", PREFECT__FLOW_RUN_ID: "fr" }, "3"],
    ["an agent's own on a machine where Prefect 3 is used too", { ...always, PREFECT_API_URL: "http://h/api" }, "1.x"],
    ["an address with a path", { PREFECT__CLOUD__API: "https://h/graphql" }, "1.x"],
  ])("%s", (_name, env, dialect) => expect(dialectOf(env)).toBe(dialect));

  test("is the one that was chosen, whatever the rest says", () => {
    expect(dialectOf({ ...always, PREFECT__CLOUD__AUTH_TOKEN: "t", FLOW_RUNNER__DIALECT: "1.x" })).toBe("1.x");
    expect(dialectOf({ ...always, PREFECT__CLOUD__API_KEY: "k", FLOW_RUNNER__DIALECT: "0.7" })).toBe("0.7");
    expect(() => dialectOf({ ...always, FLOW_RUNNER__DIALECT: "2" })).toThrow(/FLOW_RUNNER__DIALECT.*auto, 0.7, 1.x/s);
    expect(dialectOf({ ...always, FLOW_RUNNER__DIALECT: "3" })).toBe("3");
  });

  test("takes its own address, key and flow run from an environment of both", () => {
    const config = parseAuthorEnvironment(
      {
        ...always,
        PREFECT__CLOUD__API_KEY: "k",
        PREFECT_API_URL: "http://h/api/",
        PREFECT_API_KEY: "pnu",
        FLOW_RUNNER__DIALECT: "3",
      },
      noFile,
    );
    expect(config).toMatchObject({ apiUrl: "http://h/api", apiKey: "pnu" });
    expect(
      parseAuthorEnvironment({ PREFECT__FLOW_RUN_ID: "fr-3", PREFECT_API_URL: "http://h/api" }, noFile),
    ).toMatchObject({
      flowRunId: "fr-3",
      apiKey: null,
    });
  });
});

describe("the dialect of a command", () => {
  const ask = (env: Record<string, string>, api?: string) =>
    findApiAccess({
      flags: { api },
      config: parseAuthorEnvironment(env, noFile),
      file: "/none",
      profile: null,
    });

  test("is the environment's at its address, and the address's own at another", async () => {
    const env = { ...always, PREFECT__CLOUD__AUTH_TOKEN: "t" };
    expect((await ask(env)).dialect).toBe("0.7");
    expect((await ask(env, "http://localhost:4200")).dialect).toBe("1.x");
    expect((await ask({}, "http://localhost:4200/graphql/alpha")).dialect).toBe("0.7");
  });

  test("is the one that was chosen at every address", async () => {
    expect((await ask({ FLOW_RUNNER__DIALECT: "0.7" }, "http://localhost:4200")).dialect).toBe("0.7");
  });
});
