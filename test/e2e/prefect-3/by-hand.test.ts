import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { ask } from "../../prefect-3/api.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { runsAt } from "./runs.ts";

const prices = fileURLToPath(new URL("./fixtures/prices.ts", import.meta.url));

describeWithPrefect3("a failed run of a Prefect 3 server, by hand", () => {
  let folder: string;
  let runs: ReturnType<typeof runsAt>;
  let deployment: string;
  let url: string;
  const env = (more: NodeJS.ProcessEnv = {}) => ({
    ...{ HOME: folder, PREFECT_API_URL: url, PRICES_RESULTS: join(folder, "results"), FLOW_RUNNER__FORMAT: "plain" },
    ...more,
  });
  const command = (words: readonly string[], more?: NodeJS.ProcessEnv) =>
    flowRunner(words, { env: env(more), cwd: folder });
  const done = async (words: readonly string[], more?: NodeJS.ProcessEnv) => {
    const { exitCode, out, err } = await command(words, more);
    expect(exitCode, `${words.join(" ")}: ${out}\n${err}`).toBe(0);
    return out;
  };
  const told = async <Told>(...words: string[]): Promise<Told> => JSON.parse(await done([...words, "--json"]));
  const changed = (name: string, what: string | RegExp, to: string): string => {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(prices, "utf8").replace(what, to));
    return file;
  };
  const mending = "{ context.logger.info('0 ' + process.env.PRICES_UNIT); return 0; }";
  const mended = () => changed("mended.ts", /throw new TypeError\(.*\);/, mending);
  /** Tells all its task runs, once the server has recorded them. */
  const states = (id: string, expected: Readonly<Record<string, string>>) =>
    eventually(async () => {
      const recorded = (await runs.tasks(id)).map(({ name, state_name }) => [name, state_name]);
      expect(Object.fromEntries(recorded)).toEqual(expected);
    });

  beforeAll(async () => {
    url = await sharedPrefect3();
    folder = mkdtempSync(join(tmpdir(), "by-hand-prefect-3-"));
    runs = runsAt(url);
    const pool = ["--work-pool", "by-hand", "--create-pool", "process"];
    const variables = ["--job-variable", 'env={"PRICES_UNIT":"euro"}'];
    deployment = (await done(["deploy", prices, ...pool, ...variables, "--directory", join(folder, "flows")])).trim();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is found, explained, tried out here, and retried to its end", async () => {
    const id = (await done(["create-run", deployment, "--name", "monday"])).trim();
    await done(["execute"], { PREFECT__FLOW_RUN_ID: id });
    const failed = {
      "hello-0": "Completed",
      "load-0": "Completed",
      "clean-0": "Completed",
      "clean-1": "Completed",
      "clean-3": "Completed",
    };
    await states(id, { ...failed, "clean-2": "Failed", "total-0": "NotReady" });

    const child = (await runs.tasks(id)).find(({ name }) => name === "clean-0");
    expect(child?.labels).toEqual({ "flow-runner.map-index": 0 });

    const listed = await told<unknown[]>("runs", "--flow", "prices-by-hand/prices-by-hand", "--state", "Failed");
    expect(listed).toMatchObject([{ id, name: "monday", flow: { name: "prices-by-hand" }, state: "Failed" }]);
    expect(await told("runs", "--flow", "prices-by-hand", "--state", "Success")).toEqual([]);
    const meant = await command(["logs", "mondya"]);
    expect(meant.err).toContain('"monday"');

    const log = await done(["logs", "monday", "--task", "clean[2]"]);
    expect(log).toMatch(/clean\[2\].*cleaning S2/);
    expect(log).not.toContain("cleaning S1");
    const all = await done(["logs", "monday", "-f"]);
    expect(all).toMatch(/cleaning S0[\s\S]*S2 has no price/);

    const shown = await done(["debug", "monday", "--artifact", prices]);
    expect(shown).toMatch(/^clean \[4\] +1 Failed, 3 Success/m);
    expect(shown).toMatch(/Failed first: clean\[2\].*\n.*TypeError: S2 has no price/);
    expect(shown).toMatch(/^> +\d+ \| .*throw new TypeError\("S2 has no price"\)/m);
    expect(shown).toMatch(/^Its code: \w+, the same as .*prices\.ts\n\n/m);
    expect(shown).toContain(`flow-runner retry ${id}`);
    expect(shown).toContain(`flow-runner resume ${id} --artifact ${prices}`);
    expect(shown).toContain("row = { symbol: 'S2' }");

    const results = readdirSync(folder, { recursive: true });
    const tried = await command(["debug", "monday", "--task", "clean[2]"], { PRICES_MENDED: "1" });
    expect(tried.exitCode, tried.out + tried.err).toBe(0);
    expect(tried.out).toContain("cleaning S2");
    expect(tried.out).not.toContain("cleaning S1");
    expect(readdirSync(folder, { recursive: true })).toEqual(results);
    expect(await runs.told(id)).toMatchObject({ state_name: "Failed", run_count: 1 });

    expect(await done(["debug", "monday", "--task", "load"])).toContain("rows = 4");

    const retried = await done(["retry", "monday"]);
    expect(retried).toContain("is scheduled: hello, clean[2], total run again, 5 kept.");
    expect(await runs.told(id)).toMatchObject({ state_name: "AwaitingRetry" });
    const twice = await command(["retry", "monday"]);
    expect([twice.exitCode, twice.err]).toEqual([2, expect.stringContaining("it is not over")]);
    // As in a newer image.
    const artifact = join(folder, "flows", readdirSync(join(folder, "flows"))[0] ?? "");
    const registered = readFileSync(artifact);
    await done(["save", mended(), "--output", artifact]);
    await done(["execute"], { PREFECT__FLOW_RUN_ID: id });
    writeFileSync(artifact, registered);
    expect(await done(["logs", "monday", "--level", "WARNING"])).toContain("goes on with another artifact");
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed", run_count: 2 });
    await states(id, { ...failed, "clean-2": "Completed", "total-0": "Completed" });
    const cleaned = [...(await done(["logs", "monday"])).matchAll(/cleaning S(\d)/g)].map(([, item]) => item);
    expect(cleaned.toSorted()).toEqual(["0", "1", "2", "2", "3"]);
    expect((await command(["retry", "monday"])).err).toContain("there is nothing to retry");
  });

  it("is cancelled before it begins", async () => {
    const id = (await done(["create-run", deployment])).trim();
    expect(await told("cancel", id)).toMatchObject({ id, state: "Cancelled" });
    expect(await runs.told(id)).toMatchObject({ state_name: "Cancelled" });
    expect(await done(["retry", id])).toContain("what has not run yet runs");
    await done(["cancel", id]);
    await done(["resume", id], { PRICES_MENDED: "1" });
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed", run_count: 1 });
  });

  it("goes on here with a mended flow that has its tasks, and with no other", async () => {
    const id = (await done(["create-run", deployment])).trim();
    await done(["execute"], { PREFECT__FLOW_RUN_ID: id });
    const kept = { "load-0": "Completed", "clean-0": "Completed", "clean-1": "Completed", "clean-3": "Completed" };
    await states(id, { ...kept, "hello-0": "Completed", "clean-2": "Failed", "total-0": "NotReady" });
    const other = changed("other.ts", 'task("clean"', 'task("tidy"');
    const refused = await command(["resume", id, "--artifact", other]);
    expect([refused.exitCode, refused.err]).toEqual([2, expect.stringContaining("only the run has clean-1.")]);
    const limit = (slots: number | null) =>
      ask(url, "PATCH", `/deployments/${deployment}`, { concurrency_limit: slots });
    await limit(1);
    const ahead = (await done(["create-run", deployment])).trim();
    await runs.taken(ahead);
    const full = await command(["resume", id, "--artifact", mended()]);
    expect([full.exitCode, full.err]).toEqual([1, expect.stringContaining("concurrency limit reached")]);
    expect(await runs.told(id)).toMatchObject({ state_name: "Failed", run_count: 1 });
    const over = (await done(["create-run", deployment])).trim();
    await done(["cancel", over]);
    expect((await command(["resume", over])).err).toContain("concurrency limit reached");
    expect(await runs.told(over)).toMatchObject({ state_name: "Cancelled" });
    const held = await command(["resume", ahead]);
    expect([held.exitCode, held.err]).toEqual([2, expect.stringContaining("it is not over")]);
    await limit(null);

    const resumed = await command(["resume", id, "--artifact", mended()]);
    expect(resumed.exitCode, resumed.out + resumed.err).toBe(0);
    expect(resumed.err).toContain("goes on here: hello, clean[2], total run again, 5 kept.");
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed", run_count: 2 });
    await states(id, { ...kept, "hello-0": "Completed", "clean-2": "Completed", "total-0": "Completed" });
    const log = await done(["logs", id]);
    expect([...log.matchAll(/cleaning S(\d)/g)].map(([, item]) => item).toSorted()).toEqual(["0", "1", "2", "2", "3"]);
    expect(log).toMatch(/clean\[2\].*0 euro/);
    expect(log).toMatch(
      /WARNING.*goes on with another artifact .*mended\.ts, sha256 [0-9a-f]{64}, in place of [0-9a-f]{64}\. It has every task/,
    );
    expect((await command(["resume", id])).err).toContain("has succeeded");
  });

  it("has a part of it run again, of which the server is told, and nothing else", async () => {
    const id = (await done(["create-run", deployment])).trim();
    await done(["execute"], { PREFECT__FLOW_RUN_ID: id });
    const kept = { "load-0": "Completed", "clean-0": "Completed", "clean-1": "Completed", "clean-3": "Completed" };
    const failed = { ...kept, "hello-0": "Completed", "total-0": "NotReady" };
    await states(id, { ...failed, "clean-2": "Failed" });
    const report = (...words: string[]) => command(["debug", id, ...words, "--report", "--artifact", mended()]);
    const one = await report("--task", "clean[2]");
    expect(one, one.out + one.err).toMatchObject({ exitCode: 1, err: expect.stringContaining("are told to the API") });
    expect(await runs.told(id)).toMatchObject({ state_name: "Failed", run_count: 2 });
    await states(id, { ...failed, "clean-2": "Completed" });
    const rest = await report("--from", "total");
    expect(rest.exitCode, rest.out + rest.err).toBe(0);
    // It has succeeded, and can be tried once more all the same.
    const again = await report("--task", "clean[3]");
    expect(again.exitCode, again.out + again.err).toBe(0);
    expect(await runs.told(id)).toMatchObject({ state_name: "Completed", run_count: 4 });
    await states(id, { ...failed, "clean-2": "Completed", "total-0": "Completed" });
    const ran = [...(await done(["logs", id])).matchAll(/Task '(\S+)': Starting task run/g)].map(([, task]) => task);
    const once = ["hello", "load", "clean[0]", "clean[1]", "clean[2]", "clean[3]"];
    expect(ran.filter((task) => task !== "count").toSorted()).toEqual(
      [...once, "clean[2]", "total", "clean[3]"].toSorted(),
    );
  });

  it("is of no deployment, no worker would have it, and it goes on here", async () => {
    const { flow_id: flow } = await runs.told((await done(["create-run", deployment])).trim());
    const id = await runs.alone(flow, { type: "FAILED" });
    const refused = await command(["retry", id]);
    expect([refused.exitCode, refused.err]).toEqual([2, expect.stringContaining("is of no deployment")]);
    for (const over of [id, await runs.alone(flow, { type: "CANCELLED" })]) {
      await done(["resume", over, "--artifact", prices], { PRICES_MENDED: "1" });
      expect(await runs.told(over)).toMatchObject({ state_name: "Completed" });
    }
  });
});
