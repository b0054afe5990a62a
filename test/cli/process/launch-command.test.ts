import { describe, expect, test } from "vitest";
import { launchWords } from "../../../src/cli/process/launch-command.ts";
import { flowRunner } from "../binary.ts";

describe("what agents of Prefect start", () => {
  test.each([
    [["prefect", "execute", "flow-run"]],
    [["execute", "flow-run"]],
    [["/bin/sh", "-c", "prefect execute flow-run"]],
    [["/bin/bash", "-c", "exec prefect execute  flow-run "]],
    [["/usr/bin/python3.11", "-m", "prefect", "execute", "flow-run"]],
  ])("%j", (words) => {
    expect(launchWords(words)).toEqual(["execute", "flow-run"]);
  });

  test.each([
    [["prefect", "flow-run", "execute"]],
    [["execute", "prefect", "flow-run", "execute"]],
    [["/bin/sh", "-c", "prefect flow-run execute"]],
    [["/usr/bin/python3.11", "-m", "prefect.engine"]],
  ])("%j is what workers of Prefect 3 start", (words) => {
    expect(launchWords(words)).toEqual(["execute"]);
  });

  test.each([
    [["/bin/sh", "-c", "echo no; prefect execute flow-run"]],
    [["/bin/sh", "-c", "prefect execute $KIND"]],
    [["/bin/sh", "-c", "prefect execute flow-run", "$0"]],
    [["python", "script.py"]],
    [["run", "prefect"]],
    [[]],
  ])("%j is nothing of theirs, and stays as it is", (words) => {
    expect(launchWords(words)).toEqual(words);
  });

  test("is executed although the image's ENTRYPOINT stays", async () => {
    const env = { PREFECT__CONTEXT__FLOW_RUN_ID: "", PREFECT__CLOUD__API: "" };
    const { err, exitCode } = await flowRunner(["/bin/sh", "-c", "prefect execute flow-run"], { env });
    expect(err).toContain("PREFECT__CONTEXT__FLOW_RUN_ID is not set");
    expect(exitCode).toBe(2);
  });
});
