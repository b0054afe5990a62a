import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DialectName, parseRunnerEnvironment } from "../../src/config/index.ts";
import { executeFlowRun } from "../../src/run/execute/execute.ts";
import { FakeApi } from "../cloud/fake-api.ts";

describe.each<DialectName>(["1.x", "0.7"])("a state of a type that nobody here knows, of Prefect %s", (dialect) => {
  let fake: FakeApi;
  let folder: string;

  beforeEach(async () => {
    fake = await new FakeApi(["a-1"], dialect).listen();
    folder = mkdtempSync(join(tmpdir(), "unknown-state-"));
  });

  afterEach(async () => {
    await fake.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const execute = () => {
    const env = {
      PREFECT__CLOUD__API: fake.url,
      PREFECT__CONTEXT__FLOW_RUN_ID: "fr-1",
      FLOW_RUNNER__DIALECT: dialect,
      PREFECT__HOME_DIR: folder,
      HOME: folder,
    };
    return executeFlowRun(parseRunnerEnvironment(env), { observer: {}, signal: new AbortController().signal });
  };

  it("of a task run ends the flow run as Failed, with the reason, and the process with an error", async () => {
    fake.run("a-1").state = { type: "Hibernating", message: "zzz" };
    await expect(execute()).rejects.toMatchObject({ code: "STATE_TYPE_UNKNOWN", exitCode: 4 });
    expect(fake.flowRun.history).toEqual(["Failed"]);
    expect(fake.flowRun.state.message).toMatch(
      /^Failed to load and execute flow run: .*task run tr-a-1 \(a-1\).*"Hibernating".*newer flow-runner/,
    );
    expect(fake.run("a-1").history).toEqual([]);
  });

  it("of the flow run itself is told in the same way", async () => {
    fake.flowRun.state = { type: "Hibernating", message: "zzz" };
    await expect(execute()).rejects.toMatchObject({ code: "STATE_TYPE_UNKNOWN", exitCode: 4 });
    expect(fake.flowRun.history).toEqual(["Failed"]);
    expect(fake.flowRun.state.message).toMatch(/flow run fr-1 is in a state of the type "Hibernating"/);
  });
});
