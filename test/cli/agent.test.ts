import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openApi } from "../api/api-client.ts";
import { flowRunner } from "./binary.ts";

test("an agent takes what Prefect's are told by variables, and flags win", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agent-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { api, send } = await openApi();
  const env = {
    ...{ HOME: folder, PREFECT__CLOUD__API: api.url, PREFECT__CLOUD__AGENT__LABELS: "['gpu', 'eu']" },
    ...{ PREFECT__CLOUD__AGENT__NAME: "north", PREFECT__CLOUD__AGENT__LEVEL: "ERROR" },
  };
  expect(await flowRunner(["agent", "--once"], { env })).toEqual({ out: "", err: "", exitCode: 0 });
  const flags = ["-n", "south", "-l", "lab", "--log-level", "INFO"];
  const second = await flowRunner(["agent", "--once", ...flags], { env });
  expect(second.out).toContain("Waiting for flow runs with labels lab");
  expect(await send("{ agent(order_by: { name: asc }) { name labels } }")).toEqual({
    agent: [
      { name: "north", labels: ["gpu", "eu"] },
      { name: "south", labels: ["lab"] },
    ],
  });
});
