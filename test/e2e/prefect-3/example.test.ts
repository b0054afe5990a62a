import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { isBrowserMissing, keepPicture, openBrowser } from "../../browser.ts";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { baseImage, describeWithDocker, docker, dockerDone } from "../image/engine.ts";
import { ownNamespace } from "../image/registry.ts";
import { drawnShare, labelsOf, opacityOf, openRunForm, openRunPage } from "./pages.ts";
import { askPython } from "./python.ts";
import { runsAt } from "./runs.ts";
import { startWorker, type Worker } from "./worker.ts";

const example = fileURLToPath(new URL("../../../docker/example/src/weather.ts", import.meta.url));
const forms = fileURLToPath(new URL("./fixtures/forms.ts", import.meta.url));
const hunger = fileURLToPath(new URL("./fixtures/hunger.ts", import.meta.url));
const duties = fileURLToPath(new URL("./fixtures/duties.ts", import.meta.url));

interface ReadRun {
  readonly flow: string;
  readonly completed: boolean;
  readonly tasks: [name: string, state: string, runCount: number][];
  readonly edges: [upstream: string, downstream: string][];
  readonly logs: [level: number, message: string][];
  readonly artifacts: [taskRun: string, type: string, key: string, data: string, description: string][];
}

let url: string;
let folder: string;
let runs: ReturnType<typeof runsAt>;

const ended = (id: string, type: string) =>
  eventually(async () => expect(await runs.told(id)).toMatchObject({ state_type: type }));

async function deploy(...words: string[]): Promise<string[]> {
  const { out, err, exitCode } = await flowRunner(["deploy", ...words, "--api", url], { env: { HOME: folder } });
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${err}`);
  return out.trim().split("\n");
}

/** What Prefect's own client reads of a run of the example, once all of it is recorded. */
async function expectExample(id: string): Promise<void> {
  await ended(id, "COMPLETED");
  await eventually(async () => {
    const tasks = await runs.tasks(id);
    expect(tasks.every(({ state_type }) => state_type === "COMPLETED") && tasks.length > 100).toBe(true);
  });
  const read = await askPython<ReadRun>("read_run.py", url, folder, id);
  expect(read).toMatchObject({ flow: "weather", completed: true });
  const runCounts = Object.fromEntries(read.tasks.map(([name, , count]) => [name, count]));
  expect(runCounts).toMatchObject({ "download-0": 2, "parse-0": 1, "climate-1": 1, "report-0": 1 });
  const edges = read.edges.map((edge) => edge.join(" > "));
  for (const edge of ["download-0 > parse-0", "parse-0 > months-0", "months-0 > summarize-5", "draw-0 > report-0"])
    expect(edges).toContain(edge);
  expect(edges.filter((edge) => edge.endsWith("> climate-0")).length).toBeGreaterThan(90);
  const messages = read.logs.map(([level, message]) => `${level} ${message.split("\n")[0]}`);
  expect(messages).toContain("20 2922 days at Seattle, New York");
  expect(read.artifacts).toEqual([
    ["report-0", "table", "weather-extremes", expect.stringContaining("Seattle"), "Days that stand out"],
  ]);
  expect(messages.some((message) => message.startsWith("40 Task 'download': exception"))).toBe(true);
}

/** Of the fields that Prefect's pages make of the flow's parameters, and of those within them. */
const formLabels = [
  ...["Run Name", "day", "until (Optional)", "count (Optional)", "share (Optional)", "level (Optional)"],
  ...["mode (Optional)", "Exactly (Optional)", "stations (Optional)", "levels (Optional)", "pair (Optional)"],
  ...["options (Optional)", "rows (Optional)", "format", "sure (Optional)", "either (Optional)", "shape (Optional)"],
  ...["counts (Optional)", "where (Optional)", "name", "within (Optional)", "anything (Optional)", "unsaid"],
  "Validate parameters",
];
const resumeLabels = ["by", "limit (Optional)", "level (Optional)", "when (Optional)", "stations (Optional)"];
resumeLabels.push("Quite sure (Optional)", "mode (Optional)");

describeWithPrefect3("the example project on Prefect 3", () => {
  const workers: Worker[] = [];
  beforeAll(async () => {
    url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "example-prefect-3-"));
    runs = runsAt(url);
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") for (const worker of workers) console.error(worker.said());
  });
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  let seen: string;
  it("is run by a process worker", async () => {
    const pool = "example-process";
    const flows = ["--directory", join(folder, "flows"), "-p", `folder=${join(folder, "report")}`, "--name", pool];
    const [deployment = ""] = await deploy(example, "--work-pool", pool, "--create-pool", "process", ...flows);
    workers.push(startWorker({ url, pool, type: "process", folder }));
    seen = await runs.create(deployment);
    await expectExample(seen);
  });

  it.skipIf(isBrowserMissing)(
    "is shown by the server's pages: graph and logs, the forms of runs and of pauses",
    async () => {
      const words = ["--work-pool", "example-process", "--directory", join(folder, "flows")];
      const [approval = "", visits = ""] = await deploy(forms, ...words);
      const paused = await runs.create(approval);
      const browser = await openBrowser();
      try {
        const page = await openRunPage(browser, url, seen);
        await page.getByText("Completed").first().waitFor();
        await page.getByText("Task 'download': exception during execution").first().waitFor();
        const canvas = page.locator("canvas").first();
        await canvas.waitFor();
        await expect.poll(() => drawnShare(page, canvas), { timeout: 120_000 }).toBeGreaterThan(0.005);
        await keepPicture(page, "prefect-3-flow-run");

        const form = await openRunForm(browser, url, visits);
        await expect.poll(() => labelsOf(form), { timeout: 120_000 }).toEqual(formLabels);
        await keepPicture(form, "prefect-3-run-form");

        await eventually(async () => expect(await runs.told(paused)).toMatchObject({ state_name: "Paused" }));
        const pausedPage = await openRunPage(browser, url, paused);
        await pausedPage.getByRole("button", { name: "Resume" }).first().click();
        await expect.poll(() => labelsOf(pausedPage), { timeout: 120_000 }).toEqual(resumeLabels);
        const by = pausedPage.locator("textarea").first();
        await expect.poll(() => opacityOf(by), { timeout: 120_000 }).toBe(1);
        await keepPicture(pausedPage, "prefect-3-resume-form");
        const submit = pausedPage.getByRole("button", { name: "Submit" });
        // The page reads the run anew now and then, and forgets what is filled in at that moment: a person does it again.
        await eventually(async () => {
          if (await submit.isVisible()) {
            await by.fill("a person", { timeout: 5_000 });
            await submit.click({ timeout: 5_000 });
          }
          const isPaused = async () => (await runs.told(paused)).state_type === "PAUSED";
          await expect.poll(isPaused, { timeout: 5_000 }).toBe(false);
        });
        await ended(paused, "COMPLETED");
        expect((await runs.logs(paused)).map(({ message }) => message)).toContain('{"by":"a person","limit":100}');
      } finally {
        await browser.close();
      }
    },
  );

  describeWithDocker("in an image, started by a docker worker", () => {
    const registry = ownNamespace();
    let deployments: Readonly<Record<"weather" | "failing" | "waiting" | "hungry", string>>;
    const image = `${registry}/duties:judged`;
    const container = async (id: string) =>
      (await docker("ps", "--all", "--quiet", "--filter", `label=io.prefect.flow-run-id=${id}`)).out;

    beforeAll(async () => {
      const pool = "example-docker";
      const base = await baseImage();
      const [weather = "", failing = "", waiting = "", hungry = ""] = await deploy(
        ...[example, duties, hunger, "--work-pool", pool, "--create-pool", "docker", "--registry", registry],
        // Other tests deploy these flows on the same server: under the same name it would be the same deployment.
        ...["--name", pool],
        ...["--image", "duties", "--tag", "judged", "--base", base, "--local-image", "--dependency", "vega-datasets"],
      );
      deployments = { weather, failing, waiting, hungry };
      workers.push(startWorker({ url, pool, type: "docker", folder }));
    }, 420_000);
    afterAll(async () => {
      const containers = await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`);
      for (const id of containers.out.split("\n").filter(Boolean)) await docker("rm", "--force", id);
      await docker("rmi", "--force", image);
    });
    const begun = (id: string) =>
      eventually(async () => {
        const states = (await runs.tasks(id)).map(({ name, state_type }) => `${name} ${state_type}`);
        expect(states).toContain("waits-0 RUNNING");
      });

    it("completes by the worker's own command", async () => {
      const id = await runs.create(deployments.weather, { parameters: { folder: "/tmp/report" } });
      await expectExample(id);
    });

    it("is cancelled from the pages, and its container ends with 0", async () => {
      const id = await runs.create(deployments.waiting);
      await begun(id);
      await runs.cancel(id);
      // From the server's answer on: while others write it may take its time over that.
      const at = Date.now();
      await ended(id, "CANCELLED");
      const { state } = await runs.told(id);
      expect(Date.parse(state.timestamp) - at).toBeLessThan(10_000);
      const found = await container(id);
      await eventually(async () => {
        expect(await dockerDone("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", found)).toBe(
          "exited 0",
        );
      });
    });

    it("is found crashed when its container is killed", async () => {
      const id = await runs.create(deployments.waiting);
      await begun(id);
      await dockerDone("kill", await container(id));
      await ended(id, "CRASHED");
      expect((await runs.told(id)).state.message).toContain("137");
    });

    it("outlives a task that the kernel kills for its memory, and says so", async () => {
      const limits = { mem_limit: "256m", memswap_limit: "256m" };
      const id = await runs.create(deployments.hungry, { job_variables: limits });
      await ended(id, "FAILED");
      await eventually(async () => expect(await runs.tasks(id)).toMatchObject([{ state_type: "CRASHED" }]));
      const [task] = await runs.tasks(id);
      expect(task?.state.message).toMatch(/out of memory: the container's limit of 256 MiB/);
    });
  });
});
