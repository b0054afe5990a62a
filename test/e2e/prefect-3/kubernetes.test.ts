import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { scheduled } from "../../run/prefect3/fixtures/scheduled.ts";
import { askPython } from "./python.ts";
import { runsAt } from "./runs.ts";

interface RenderedContainer {
  readonly image: string;
  readonly command: string[] | null;
  readonly args: string[];
  readonly env: Record<string, string>;
}

describeWithPrefect3("the job that Prefect 3's worker makes for Kubernetes", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "kubernetes-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("leaves the image's entry point, whose arguments and environment execute the run", async () => {
    const url = await sharedPrefect3();
    const { deployments } = await scheduled.deploy({
      ...{ api: "prefect3", apiUrl: url, workPool: "kubernetes-test", createPool: "kubernetes" },
      ...{ name: "rendered", schedule: null, image: "registry.example.org/flows:1", env: { STATION: "Boise" } },
    });
    const runs = runsAt(url);
    const id = await runs.create(deployments[0]?.deploymentId ?? "");
    const { image, command, args, env } = await askPython<RenderedContainer>("render_job.py", url, folder, id);
    expect({ image, command }).toEqual({ image: "registry.example.org/flows:1", command: null });
    expect(env).toMatchObject({
      ...{ STATION: "Boise", PREFECT__FLOW_RUN_ID: id },
      PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR: "reschedule",
    });

    // What the image would hold lies in the home of who executes it here.
    await scheduled.save(join(folder, ".prefect/scheduled.prefect"));
    const ended = await flowRunner(args, { env: { ...env, HOME: folder, PREFECT_API_URL: url } });
    expect(ended.exitCode).toBe(0);
    expect(await runs.told(id)).toMatchObject({ state_type: "COMPLETED" });
  });
});
