import { describe, expect, it } from "vitest";
import type { Api } from "../../src/cloud/index.ts";
import { parseAuthorEnvironment } from "../../src/config/index.ts";
import type { FlowGraph } from "../../src/graph/index.ts";
import { openRunSecrets } from "../../src/run/secrets/run-secrets.ts";

const graphWith = (...names: readonly string[]): FlowGraph =>
  ({
    tasks: [{ kind: "task", name: "mean" }, ...names.map((name) => ({ kind: "secret", name }))],
  }) as unknown as FlowGraph;

const never = new AbortController().signal;

function open(
  env: NodeJS.ProcessEnv,
  secretValue: Api["secretValue"] | null = null,
): ReturnType<typeof openRunSecrets> & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const api = secretValue === null ? null : ({ secretValue } as Api);
  const config = parseAuthorEnvironment({ HOME: "/nonexistent", FLOW_RUNNER__SECRET_FOLDER: "/nonexistent", ...env });
  return { ...openRunSecrets(config, api, (text) => warnings.push(text)), warnings };
}

describe("a run's secrets", () => {
  it("of the context and the API's key are masked before anybody asks for them", () => {
    const { masker } = open({
      PREFECT__CONTEXT__SECRETS__DB: "hunter2-and-more",
      PREFECT__CLOUD__API_KEY: "pcu-0815-4711",
    });
    expect(masker.mask("hunter2-and-more pcu-0815-4711")).toBe("*** ***");
  });

  it("that are too short are named once, and only those that the flow uses", async () => {
    const { fetchInputs, get, warnings } = open({
      PREFECT__CONTEXT__SECRETS__PIN: "4711",
      PREFECT__CONTEXT__SECRETS__UNUSED: "0815",
    });
    expect(warnings).toEqual([]);
    await fetchInputs(graphWith("PIN"), never);
    await get("PIN");
    expect(warnings).toEqual([expect.stringMatching(/^The secret "PIN" is not masked/)]);
  });

  it("that are inputs are fetched at the same time, each once", async () => {
    const waiting = new Map<string, () => void>();
    const { fetchInputs, get, masker } = open(
      { PREFECT__CLOUD__USE_LOCAL_SECRETS: "false" },
      (name) => new Promise((resolve) => waiting.set(name, () => resolve(`value-of-${name}`))),
    );
    const fetched = fetchInputs(graphWith("A", "B", "A"), never);
    await expect.poll(() => [...waiting.keys()]).toEqual(["A", "B"]);
    for (const answer of waiting.values()) answer();
    await fetched;
    expect(masker.mask("value-of-A and value-of-B")).toBe("*** and ***");
    expect(await get("A")).toBe("value-of-A");
  });

  it("that cannot be fetched ahead are left to the task that needs them", async () => {
    let calls = 0;
    const { fetchInputs, get } = open({ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false" }, async () => {
      calls += 1;
      if (calls === 1) throw new Error("HTTP 503");
      return "value-of-A";
    });
    await fetchInputs(graphWith("A"), never);
    expect(await get("A")).toBe("value-of-A");
  });

  it("hold up nobody who stops the run", async () => {
    const stop = new AbortController();
    const { fetchInputs } = open({ PREFECT__CLOUD__USE_LOCAL_SECRETS: "false" }, () => new Promise(() => undefined));
    const fetched = fetchInputs(graphWith("A"), stop.signal);
    stop.abort("SIGTERM");
    await fetched;
    await fetchInputs(graphWith("A"), stop.signal);
  });

  it("end the request to the API when their time is over", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { get } = open(
      { PREFECT__CLOUD__USE_LOCAL_SECRETS: "false", FLOW_RUNNER__SECRET_TIMEOUT: "20ms" },
      (_name, options) => {
        signals.push(options?.signal);
        return new Promise(() => undefined);
      },
    );
    await expect(get("A")).rejects.toThrow(/no answer within 0\.02 s/);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });
});
