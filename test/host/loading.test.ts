import { afterEach, describe, expect, it } from "vitest";
import { ChildHost } from "../../src/host/index.ts";
import { fixture } from "./child-run.ts";

let host: ChildHost | null = null;
afterEach(() => host?.close());

function load(file: string, flow: string | null) {
  const fresh = new ChildHost({
    env: process.env,
    log: () => undefined,
    ask: () => Promise.reject(new Error("there are no secrets")),
    runFlow: () => Promise.reject(new Error("there is no environment")),
  });
  host = fresh;
  return fresh.load({ file: fixture(file), source: true, digest: null, flow, applicationFolder: null });
}

describe("a host that loads a flow", () => {
  it("describes it: tasks, edges, what they are like", async () => {
    const { graph, digest } = await load("rough.ts", "isolated");
    expect(digest).toBeNull();
    expect(graph.tasks.map(({ slug, isolated }) => [slug, isolated])).toEqual([
      ["pid-1", false],
      ["isolated pid-1", true],
      ["isolated pid-2", true],
      ["gathers-1", false],
    ]);
    expect(graph.edges).toContainEqual({
      upstream: "isolated pid-2",
      downstream: "gathers-1",
      key: "all.1",
      mapped: false,
    });
  });

  it("says which flows there are when the wanted one is not among them", async () => {
    await expect(load("rough.ts", "nobody")).rejects.toMatchObject({
      code: "FLOW_NOT_IN_FILE",
      message: expect.stringMatching(/holds no flow named "nobody"; it holds: .*spinning/),
    });
  });

  it("keeps the code of what was wrong with the file", async () => {
    await expect(load("not-there.ts", null)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
  });

  it("says what the module threw", async () => {
    await expect(load("throws-while-loading.ts", null)).rejects.toMatchObject({
      code: "SOURCE_THREW",
      message: expect.stringContaining("no such season"),
    });
  });

  it("that ends meanwhile is reported with its last words", async () => {
    await expect(load("ends-while-loading.ts", null)).rejects.toMatchObject({
      code: "HOST_NOT_STARTED",
      message: expect.stringMatching(/process\.exit\(3\) was called.*no licence on this machine/s),
    });
  });

  it("is closed though it was never asked to load", async () => {
    const idle = new ChildHost({
      env: process.env,
      log: () => undefined,
      ask: () => Promise.reject(new Error("there are no secrets")),
      runFlow: () => Promise.reject(new Error("there is no environment")),
    });
    await expect(idle.close()).resolves.toBeUndefined();
  });
});
