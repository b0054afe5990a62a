import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import { flow, secret, task } from "../../src/index.ts";
import { runFile } from "../../src/run/here/run-file.ts";

afterEach(() => vi.unstubAllEnvs());

const vault = {
  name: "vault",
  find: async (key: string) => (key === "TOKEN" ? "from-the-vault-7431" : undefined),
};
const length = task("length", ({ token }: { token: string }) => token.length);

describe("secret providers of a flow's own", () => {
  it("are asked after the runner's own", async () => {
    const built = flow("own", () => length({ token: secret<string>("TOKEN") }), { secretProviders: [vault] });
    const run = await built.run();
    expect(run.result(built.returned)).toBe("from-the-vault-7431".length);
    vi.stubEnv("PREFECT__CONTEXT__SECRETS__TOKEN", "from-the-context");
    expect((await built.run()).result(built.returned)).toBe("from-the-context".length);
  });

  it("come first where the deployment says so, and can be named", async () => {
    vi.stubEnv("PREFECT__CONTEXT__SECRETS__TOKEN", "from-the-context");
    vi.stubEnv("FLOW_RUNNER__SECRET_PROVIDERS", "vault,context");
    const built = flow("first", () => length({ token: secret<string>("TOKEN") }), { secretProviders: [vault] });
    expect((await built.run()).result(built.returned)).toBe("from-the-vault-7431".length);
    vi.stubEnv("FLOW_RUNNER__SECRET_PROVIDERS", "context");
    const named = flow("named", () => length({ token: secret<string>("vault:TOKEN") }), { secretProviders: [vault] });
    expect((await named.run()).result(named.returned)).toBe("from-the-vault-7431".length);
  });

  it("say that they have none, and why they cannot tell, without a value", async () => {
    const sealed = { name: "sealed", find: () => Promise.reject(new Error("the vault is sealed")) };
    const options = { secretProviders: [vault, sealed] };
    const built = flow("none", () => length({ token: secret<string>("OTHER") }), options);
    const { taskRuns } = await built.run();
    const { message } = taskRuns.find(({ slug }) => slug.startsWith("OTHER"))?.state ?? {};
    expect(message).toMatch(/OTHER.*the vault is sealed/s);
  });

  it("run in the host of a flow's file, and what they give is masked", async () => {
    const folder = await mkdtemp(join(tmpdir(), "own-providers-"));
    const file = join(folder, "flow.ts");
    await writeFile(
      file,
      `import { flow, secret, task } from "flow-runner";
       const tell = task("tell", ({ token }: { token: string }) => { console.log("it is " + token); });
       export const own = flow("own", () => { tell({ token: secret<string>("TOKEN") }); }, {
         secretProviders: [{ name: "vault", find: (key: string) => key + "-9152-of-the-vault" }],
       });`,
    );
    const lines: string[] = [];
    const observer = { onLog: ({ message }: LogRecord) => void lines.push(message) };
    const { state } = await runFile(file, { parameters: {}, observer, signal: new AbortController().signal });
    expect(state.type).toBe("Success");
    expect(lines).toContain("it is ***");
  });
});
