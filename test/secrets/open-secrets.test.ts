import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FlowRunnerError } from "../../src/errors/index.ts";
import { createMasker, here, notHere, openSecrets, type SecretProvider } from "../../src/secrets/index.ts";

async function refused(work: Promise<unknown>): Promise<FlowRunnerError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof FlowRunnerError) return error;
  throw new Error("not refused by a FlowRunnerError", { cause: error });
}

describe("the order of providers", () => {
  it("is context, files, API unless the deployment says otherwise", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    for (const name of ["A", "B"]) await writeFile(join(folder, name), `file ${name}\n`);
    const options = { context: { A: "context A" }, folder, api: async (name: string) => `api ${name}` };
    const secrets = openSecrets(options);
    expect(await Promise.all(["A", "B", "C"].map((name) => secrets.get(name)))).toEqual([
      "context A",
      "file B",
      "api C",
    ]);
    const turned = openSecrets({ ...options, order: "api, context" });
    expect(await turned.get("A")).toBe("api A");
  });

  it("does not matter for a name that names its provider", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    await mkdir(join(folder, "db"));
    await writeFile(join(folder, "db", "login"), '{"user":"u","password":"pw-of-the-file"}\r\n');
    const secrets = openSecrets({ order: ["context"], folder, context: { A: "context A" }, api: async () => "api" });
    expect(await secrets.get("file:db/login#password")).toBe("pw-of-the-file");
    expect(await secrets.get(`file:${folder}/db/login`)).toEqual({ user: "u", password: "pw-of-the-file" });
    expect(await secrets.get("api:A")).toBe("api");
  });

  it("takes a prefix that is no provider as part of the name", async () => {
    expect(await openSecrets({ context: { "db:password#1": "x" } }).get("db:password#1")).toBe("x");
  });

  it("takes the deployment's own providers", async () => {
    const vault: SecretProvider = {
      name: "vault",
      find: async (key) => (key === "A" ? here("from the vault") : notHere(`no key ${key}`)),
    };
    const secrets = openSecrets({ order: "vault,context", custom: [vault], context: { B: "context B" } });
    expect([await secrets.get("A"), await secrets.get("B"), await secrets.get("vault:A")]).toEqual([
      "from the vault",
      "context B",
      "from the vault",
    ]);
  });

  it("is refused when it names a provider that does not exist", () => {
    expect(() => openSecrets({ order: "context,valut" })).toThrow(
      /no secret provider "valut".*context, file, api, gcp, aws/,
    );
  });
});

describe("a secret's value", () => {
  it.each([
    ["42", 42],
    ["true", true],
    ['{"a":[1]}', { a: [1] }],
    ["hello", "hello"],
    ["", ""],
    ["007", "007"],
    ["12345678901234567890", "12345678901234567890"],
  ])("%s is what JSON says, else the text", async (text, value) => {
    expect(await openSecrets({ context: { S: text } }).get("S")).toEqual(value);
  });

  it("keeps an object that the API gave as it is", async () => {
    expect(await openSecrets({ api: async () => ({ ACCESS_KEY: "1" }) }).get("S")).toEqual({ ACCESS_KEY: "1" });
  });

  it("is told to the masker before anybody has it", async () => {
    const masker = createMasker();
    const secrets = openSecrets({ context: { S: '{"password":"hunter2-and-more"}' }, masker });
    await secrets.get("S");
    expect(masker.mask("login with hunter2-and-more")).toBe("login with ***");
  });
});

describe("fetching", () => {
  it("happens once per run, also for calls at the same time", async () => {
    let calls = 0;
    const secrets = openSecrets({ api: async (name) => `${name} ${++calls}` });
    const values = await Promise.all([secrets.get("A"), secrets.get("A"), secrets.get("B")]);
    expect(values).toEqual(["A 1", "A 1", "B 2"]);
    expect(await secrets.get("A")).toBe("A 1");
    expect(calls).toBe(2);
  });

  it("runs in parallel for different names", async () => {
    const waiting: (() => void)[] = [];
    const secrets = openSecrets({
      api: (name) => new Promise((resolve) => void waiting.push(() => resolve(name)) as unknown as undefined),
    });
    const both = Promise.all([secrets.get("A"), secrets.get("B")]);
    await expect.poll(() => waiting.length).toBe(2);
    for (const answer of waiting) answer();
    expect(await both).toEqual(["A", "B"]);
  });

  it("is tried anew after a failure", async () => {
    let calls = 0;
    const api = async (): Promise<string> => {
      calls += 1;
      if (calls === 1) throw new Error("503");
      return "value";
    };
    const secrets = openSecrets({ api });
    expect((await refused(secrets.get("A"))).code).toBe("SECRET_UNAVAILABLE");
    expect(await secrets.get("A")).toBe("value");
  });

  it("gives up after its time, also with a provider that does not listen", async () => {
    const secrets = openSecrets({ api: () => new Promise(() => undefined), timeout: 20 });
    const error = await refused(secrets.get("A"));
    expect(error.message).toContain('Secret "A" could not be fetched: api failed (no answer within 0.02 s)');
  });
});

describe("what is said when there is no value", () => {
  it("names every provider that was asked and its answer, and no value", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    const secrets = openSecrets({ context: { OTHER: "hunter2-and-more" }, folder, api: async () => undefined });
    const { code, message } = await refused(secrets.get("TOKEN"));
    expect(code).toBe("SECRET_NOT_FOUND");
    expect(message).toBe(
      `Secret "TOKEN" was not found. Asked: context: PREFECT__CONTEXT__SECRETS__TOKEN is not set; file: there is no file ${folder}/TOKEN; api: it has no secret of this name. Put it into one of them, for example with: flow-runner secrets set TOKEN`,
    );
  });

  it("an outage of one provider does not let a later one answer", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    await writeFile(join(folder, "A"), "stale");
    const api = async (): Promise<never> => {
      throw new Error("connection refused");
    };
    const error = await refused(openSecrets({ order: "context,api,file", api, folder }).get("A"));
    expect(error.code).toBe("SECRET_UNAVAILABLE");
    expect(error.message).toContain("api failed (connection refused); asked before: context:");
  });

  it("says that a field is missing, and not what is there", async () => {
    const secrets = openSecrets({ context: { DB: '{"user":"hunter2-and-more"}', TEXT: "plain" } });
    const missing = await refused(secrets.get("context:DB#password"));
    expect(missing.message).toContain('it has no field "password"');
    expect(missing.message).not.toContain("hunter2");
    expect((await refused(secrets.get("context:TEXT#x"))).message).toContain("it is no JSON object");
  });

  it("cannot be led out of the folder of mounted files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    await mkdir(join(folder, "mounted"));
    await writeFile(join(folder, "outside"), "x");
    const secrets = openSecrets({ folder: join(folder, "mounted"), order: "file" });
    expect((await refused(secrets.get("../outside"))).code).toBe("SECRET_NOT_FOUND");
    expect((await refused(secrets.get("mounted"))).code).toBe("SECRET_NOT_FOUND");
  });

  it.each(["", "aws:", "gcp:name#"])("refuses the name %j", async (name) => {
    expect((await refused(openSecrets({}).get(name))).code).toBe("SECRET_NAME_INVALID");
  });
});
