import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { isBrowserMissing, keepPicture, openBrowser } from "../../browser.ts";
import { type Ended, flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { freePort } from "../../results/servers.ts";
import {
  type ApiClient,
  clientOf,
  createRun,
  flowForm,
  register,
  setFlowRunState,
  setTaskRunState,
  taskForm,
} from "../api-client.ts";

const readings = fileURLToPath(new URL("./fixtures/readings.ts", import.meta.url));

describe.skipIf(isBrowserMissing)("the web page", () => {
  let folder: string;
  let client: ApiClient;
  let browser: Browser;
  let page: Page;
  let env: NodeJS.ProcessEnv;
  /** What the browser complains of: a refused script, an error that nobody has caught. */
  const complaints: string[] = [];
  const executions: Promise<Ended>[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "flow-runner-page-"));
    client = clientOf(await startApi({ data: join(folder, "api.db"), port: await freePort() }));
    env = {
      HOME: folder,
      PREFECT__CLOUD__API: client.api.url,
      PREFECT__FLOWS__CHECKPOINTING: "true",
      PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL: "1s",
    };
    const words = ["register", readings, "--project", "demo", "--create-project"];
    const [registered, opened] = await Promise.all([flowRunner(words, { env }), openBrowser()]);
    expect(registered, registered.err).toMatchObject({ exitCode: 0 });
    browser = opened;
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
    page.setDefaultTimeout(120_000);
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (said) => said.type() === "error" && complaints.push(said.text()));
    await page.goto(client.api.url);
  });
  afterAll(async () => {
    // What still waits for it ends, also where a test has failed.
    writeFileSync(gate("never"), "");
    await browser.close();
    await client.api.close();
    await Promise.all(executions);
    rmSync(folder, { recursive: true });
  });

  const gate = (name: string): string => join(folder, name);
  const runId = (): string => /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  const execute = (): void => {
    executions.push(flowRunner(["execute"], { env: { ...env, PREFECT__CONTEXT__FLOW_RUN_ID: runId() } }));
  };
  const head = (): Locator => page.getByRole("region", { name: /./ }).filter({ has: page.locator("h1") });
  const row = (name: string): Locator => page.getByRole("row").filter({ hasText: name }).first();
  const isSeen = (locator: Locator): Promise<void> => locator.waitFor();
  /** Nothing that axe-core knows to be out of reach for somebody, also in contrast. */
  async function isWithinReach(): Promise<void> {
    await page.evaluate(axe.source);
    const found = await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
    expect(found).toEqual([]);
  }

  test("starts a run with parameters, by the keyboard alone", async () => {
    await isSeen(page.getByText("No flow has been run yet."));
    const focused = (): Promise<string> =>
      page.evaluate("document.activeElement.getAttribute('name') ?? document.activeElement.textContent");
    const tabTo = async (name: string, most = 30): Promise<void> => {
      await page.keyboard.press("Tab");
      const now = await focused();
      if (now !== name && most > 0) await tabTo(name, most - 1);
      else expect(now).toBe(name);
    };
    await tabTo("Start a run");
    await page.keyboard.press("Enter");
    await isSeen(page.getByRole("dialog").getByRole("textbox", { name: "gate" }));
    await isWithinReach();
    await tabTo("parameter:gate");
    await page.keyboard.type(gate("first"));
    await tabTo("parameter:stations");
    await page.keyboard.type('["Seattle", "Bern", "bad"]');
    await tabTo("Start");
    await page.keyboard.press("Enter");
    await isSeen(head().getByText("Scheduled", { exact: true }));
    await page.getByRole("tab", { name: "Timeline" }).focus();
    for (const _ of "four") await page.keyboard.press("ArrowRight");
    await isSeen(page.getByRole("table", { name: "Parameters" }).getByText('"Seattle"'));
    await page.keyboard.press("ArrowRight");
    await isSeen(page.getByRole("treegrid"));
  });

  test("shows a run as it goes on: task runs, log lines, states", async () => {
    execute();
    await isSeen(head().getByText("Running", { exact: true }).first());
    await isSeen(row("read").getByText("3", { exact: true }));
    await page.getByRole("button", { name: "Unfold read" }).click();
    await isSeen(row("read[2]").getByText("Running"));
    await page.getByRole("tab", { name: "Log" }).click();
    await isSeen(page.getByRole("log").getByText("reads bad"));
    await keepPicture(page, "page-log");
    writeFileSync(gate("first"), "");
    await isSeen(page.getByRole("log").getByText("no reading of bad").first());
    await isSeen(head().getByText("Failed", { exact: true }).first());
  });

  test("shows the graph, what was said of a failed task run, and where a result lies", async () => {
    await page.getByRole("tab", { name: "Graph" }).click();
    const node = page.getByRole("link", { name: /^total of <script>/ });
    await isSeen(node.getByText("TriggerFailed"));
    expect(await node.textContent()).toContain("after read");
    await isSeen(page.getByRole("link", { name: /^read/ }).getByText("2 Success, 1 Failed"));
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    await isWithinReach();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByRole("button", { name: "Unfold read" }).click();
    await row("read[2]").click();
    const panel = page.getByRole("complementary", { name: "read[2]" });
    await isSeen(panel.getByText("no reading of bad").first());
    await isSeen(panel.getByRole("log").getByText("reads bad"));
    await row("read[0]").click();
    await isSeen(page.getByRole("complementary", { name: "read[0]" }).getByText(/^\/.*prefect/));
    await isWithinReach();
    await keepPicture(page, "page-run-light");
    await page.emulateMedia({ colorScheme: "dark" });
    await isWithinReach();
    await keepPicture(page, "page-run-dark");
    await page.getByRole("link", { name: "Close" }).click();
  });

  test("retries the failed run to its success, over a connection that is cut", async () => {
    writeFileSync(`${gate("first")}.mended`, "");
    await page.getByRole("button", { name: "Retry" }).click();
    await isSeen(head().getByText("Retried by hand: 2 task runs run again."));
    await client.api.restart();
    execute();
    await isSeen(head().getByText("Success", { exact: true }).first());
    await isSeen(head().getByText("All reference tasks succeeded."));
    await eventually(async () => expect(await row("total of").textContent()).toContain("Success"));
    // An attempt that failed, the wait until somebody had it run again, one that did not: seen, and told in words.
    if (!(await row("read[2]").isVisible())) await page.getByRole("button", { name: "Unfold read" }).click();
    const attempts = /^Failed after .*, Success after [^,]*$/;
    await isSeen(row("read[2]").getByTitle(attempts));
    await isSeen(row("read[2]").getByText(attempts));
    expect(await row("read[0]").getByTitle(/after/).count()).toBe(0);
    await isWithinReach();
    await keepPicture(page, "page-attempts-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await isWithinReach();
    await keepPicture(page, "page-attempts-light");
    await page.emulateMedia({ colorScheme: "dark" });
  });

  test("runs it again with other parameters, and cancels that", async () => {
    const first = runId();
    await page.getByRole("button", { name: "Run again…" }).click();
    const stations = page.getByRole("textbox", { name: "stations" });
    expect(await stations.inputValue()).toBe('["Seattle","Bern","bad"]');
    await page.getByRole("textbox", { name: "gate" }).fill(gate("never"));
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await eventually(() => expect(runId()).not.toBe(first));
    execute();
    await isSeen(row("read").getByText("Running", { exact: true }));
    await page.getByRole("button", { name: "Cancel" }).click();
    await isSeen(head().getByText("Cancelled", { exact: true }).first());
  });

  test("lists the runs by state", async () => {
    await page.getByRole("link", { name: "Flow runs" }).click();
    const runs = page.getByRole("table").getByRole("row");
    await eventually(async () => expect(await runs.count()).toBe(3));
    await page.getByRole("combobox", { name: "State" }).selectOption("Cancelled");
    await eventually(async () => expect(await runs.count()).toBe(2));
    expect(await runs.last().textContent()).toContain("Cancelled");
    await isWithinReach();
    await page.getByRole("combobox", { name: "State" }).selectOption("");
    await keepPicture(page, "page-runs-dark");
  });

  test("shows 10,000 task runs with no more of them in the document than fit on the screen", async () => {
    const { flowId } = await register(client, flowForm("large", [taskForm("each-1", { mapped: true })]));
    const run = await createRun(client, flowId);
    await setFlowRunState(client, run.flowRunId, { type: "Running" });
    addChildren(join(folder, "api.db"), run.taskRuns["each-1"]?.id ?? "", 10_000);
    await page.goto(`${client.api.url}/#/runs/${run.flowRunId}`);
    await isSeen(row("each").getByText("10,000").first());
    await page.getByRole("button", { name: "Unfold each" }).click();
    await isSeen(row("each[0]"));
    expect(await page.getByRole("treegrid").getAttribute("aria-rowcount")).toBe("10001");
    await page.getByRole("treegrid").focus();
    await page.keyboard.press("End");
    await isSeen(row("each[9999]"));
    const elements = (): Promise<number> => page.evaluate("document.querySelectorAll('*').length");
    expect(await elements()).toBeLessThan(800);
    for (const type of ["Running", "Retrying", "Running", "Success"]) {
      await setTaskRunState(client, childId(9_999), { type });
    }
    await isSeen(row("each[9999]").getByText("Success", { exact: true }));
    await isSeen(row("each[9999]").getByTitle(/^Failed after .*, Retrying for .*, Success after /));
    expect(await elements()).toBeLessThan(800);
    await keepPicture(page, "page-10000-dark");
  });

  test("has given the browser nothing to complain of", () => {
    // The connection that was cut above is one that it names.
    expect(complaints.filter((each) => !/net::ERR_|CONNECTION/.test(each))).toEqual([]);
  });
});

const childId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

/** Gives a mapped task run its children, by another connection to the data file: one by one it would take a minute. */
function addChildren(data: string, parent: string, count: number): void {
  const sqlite = new DatabaseSync(data, { timeout: 10_000 });
  const indices = JSON.stringify(Array.from({ length: count }, (_, index) => ({ index, id: childId(index) })));
  sqlite.exec("BEGIN IMMEDIATE");
  sqlite
    .prepare(
      `INSERT INTO task_run (id, flow_run_id, task_id, map_index, state, state_timestamp, created, updated)
       SELECT c.value ->> 'id', flow_run_id, task_id, c.value ->> 'index', state, state_timestamp, created, updated
       FROM task_run, json_each(?) c WHERE task_run.id = ?`,
    )
    .run(indices, parent);
  sqlite
    .prepare(
      `INSERT INTO task_run_state (id, task_run_id, version, timestamp, state, serialized_state)
       SELECT c.value ->> 'id', c.value ->> 'id', 0, timestamp, state, serialized_state
       FROM task_run_state, json_each(?) c WHERE task_run_id = ?`,
    )
    .run(indices, parent);
  sqlite.exec("COMMIT");
  sqlite.close();
}
