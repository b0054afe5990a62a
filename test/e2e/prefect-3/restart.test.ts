import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { startPrefect3 } from "../../prefect-3/server.ts";
import { runsAt } from "./runs.ts";

/** Seconds after which it records what it was told of task runs. */
const recordsAfter = (seconds: number) => ({
  PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL: String(seconds),
});

const duties = fileURLToPath(new URL("./fixtures/duties.ts", import.meta.url));

describeWithPrefect3("a Prefect 3 server that is restarted in the middle of a run", () => {
  it("is told all of it afterwards, and again what it had taken and not recorded", async () => {
    const folder = mkdtempSync(join(tmpdir(), "restart-prefect-3-"));
    const server = await startPrefect3({ env: recordsAfter(3_600) });
    try {
      const { url } = server;
      const words = ["deploy", duties, "--api", url, "--work-pool", "none", "--create-pool", "process"];
      const deployed = await flowRunner([...words, "--directory", join(folder, "flows")], { env: { HOME: folder } });
      const runs = runsAt(url);
      const id = await runs.create(deployed.out.trim().split("\n")[1] ?? "");
      const log = join(folder, "log");
      writeFileSync(log, "");
      const env = {
        ...{ HOME: folder, PREFECT_API_URL: url, PREFECT__FLOW_RUN_ID: id },
        ...{ DUTIES_LOG: log, DUTIES_GATE: join(folder, "gate"), DUTIES_RESULTS: join(folder, "results") },
      };
      const ended = flowRunner(["execute"], { env });
      await eventually(() => expect(readFileSync(log, "utf8")).toContain(" waits\n"));
      expect(await runs.tasks(id)).toEqual([]);
      const back = server.restart({ awayFor: 1_000, env: recordsAfter(1) });
      // The rest of the tasks runs while nobody answers.
      writeFileSync(join(folder, "gate"), "");
      await back;
      expect(await ended).toMatchObject({ exitCode: 0 });
      expect(await runs.told(id)).toMatchObject({ state_type: "COMPLETED" });
      await eventually(async () => {
        const states = (await runs.tasks(id)).map(({ name, state_type }) => `${name} ${state_type}`);
        expect(states.sort()).toEqual(["first-0 COMPLETED", "last-0 COMPLETED", "waits-0 COMPLETED"]);
      });
      const bodies = readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.includes("beat"));
      expect(bodies.map((line) => line.split(" ")[1])).toEqual(["first", "waits", "last"]);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
