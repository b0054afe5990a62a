import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith, type Server, s3Keys, startS3 } from "../results/servers.ts";
import { tracesBelow, tracesIn } from "./secrets/scan.ts";
import { apiKey, World } from "./secrets/world.ts";

const talkative = new URL("./secrets/fixtures/talkative.ts", import.meta.url).pathname;

const account = { user: "reports", password: "Tr0ub4dor&3-ist-alt", more: { tokens: ["tok_2f8a61c09d7e4b35"] } };
const signingKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const inApi = {
  DB_URL: "postgres://u:p@ss/w\"örd\\d&{x}=1's@db.internal/weather?a=b c",
  SIGNING_KEY: signingKey.export({ type: "pkcs8", format: "pem" }).toString().trim(),
  ACCOUNT: JSON.stringify(account),
  LONG_TOKEN: Array.from({ length: 90 }, (_, index) => `${index}-${(index * 7919).toString(36)}`).join("."),
};
const contextToken = "ctx-7d1f0aa2-94c4";
const fileToken = "file+token/with==signs";
/** What nobody may find. */
const secrets = {
  ...inApi,
  password: account.password,
  token: account.more.tokens[0] ?? "",
  CONTEXT_TOKEN: contextToken,
  FILE_TOKEN: fileToken,
  S3: s3Keys.SECRET_ACCESS_KEY,
  "API key": apiKey,
};

interface TaskRun {
  readonly map_index: number;
  readonly state: string;
  readonly state_message: string;
  readonly task: { readonly name: string };
}

describeWith("versitygw", "a run whose tasks give their secrets away in every way", () => {
  let s3: Server;
  let world: World;
  beforeAll(async () => {
    s3 = await startS3();
    world = await World.open();
    for (const [name, value] of Object.entries(inApi)) await world.setSecret(name, value);
    await world.setSecret("PIN", "4711");
    await world.setSecret("AWS_CREDENTIALS", JSON.stringify(s3Keys));
    await world.mountSecret("FILE_TOKEN", fileToken);
  });
  afterAll(async () => {
    await world?.close();
    await s3?.close();
  });

  /** Where the flow has ended, with all that its runner has written searched for its secrets. */
  async function executed(format: "json" | "plain") {
    const more = { TEST_S3: s3.url, FLOW_RUNNER__FORMAT: format, PREFECT__LOGGING__LEVEL: "DEBUG" };
    const id = await world.createRun(talkative, "talkative", [], more);
    const run = world.execute(id, { ...more, PREFECT__CONTEXT__SECRETS__CONTEXT_TOKEN: contextToken });
    const { out, err, exitCode } = await run.ended;
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    const traces = { out: tracesIn(out, secrets), hosts: tracesIn([...run.hosts.values()].join("\n"), secrets) };
    const written: Record<string, number> = {};
    for (const place of [...["home", "tmp", "data", "work"].map((name) => world.path(name)), s3.folder]) {
      const below = await tracesBelow(place, secrets);
      Object.assign(traces, { [place]: below.traces });
      written[place] = below.files;
    }
    return { id, out, traces, written, hosts: [...run.hosts.values()] };
  }

  test("leaves no trace of them in anything that is written", async () => {
    const { id, out, traces, written, hosts } = await executed("json");
    for (const [place, found] of Object.entries(traces)) expect({ place, found }).toEqual({ place, found: [] });

    // The scan has seen what it was to see: the data file, the artifact, objects, and nothing left of what was temporary.
    expect(written[world.path("data")]).toBeGreaterThanOrEqual(2);
    expect(written[world.path("home")]).toBeGreaterThanOrEqual(1);
    expect(written[world.path("tmp")]).toBe(0);
    expect(written[s3.folder]).toBeGreaterThanOrEqual(5);
    // The runner's own host, and those of the isolated tasks.
    expect(hosts.length).toBeGreaterThanOrEqual(4);
    for (const environment of hosts) {
      expect(environment).toContain("FLOW_RUNNER__FORMAT=json");
      expect(environment).not.toMatch(/API_KEY|SECRETS__/);
    }

    // Nothing was kept silent either: where a secret was printed, stars stand for it.
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly msg: string });
    const logged = lines.filter(({ msg }) => / of \w+, logged: /.test(msg));
    expect(logged).toHaveLength(17 * 7);
    for (const { msg } of logged) expect(msg).toContain("***");
    const text = lines.map(({ msg }) => msg).join("\n");
    for (const way of [
      /way: plain of url: \*\*\*$/m,
      /way: plain of key: \*\*\*$/m,
      /way: base64 at 1 of fromFile: \S{1,4}\*\*\*\S{0,4}$/m,
      /way: json of token, to stderr: \{"text":"\*\*\*"\}$/m,
      /way: url component of password: https:\/\/example\.org\/\?q=\*\*\*$/m,
      /way: inspected buffer of fromContext: <Buffer \*\*\*>$/m,
      /way: pieces of url: \*\*\*$/m,
      /way: bytes of password: \*\*\*$/m,
      /way: line of key: \*\*\*$/m,
      /way: printed by another process, fromFile: \*\*\*$/m,
      /way: child 3: \*\*\*$/m,
      /way: isolated fromContext: \*\*\*$/m,
      /way: last words: \*\*\*$/m,
      /way: without a line end: \*\*\*$/m,
      /way: holding on to \*\*\*$/m,
      /way: passed on: \*\*\*\?x=1$/m,
      /way: fetched url: \*\*\*$/m,
      /onExit.* way: at the exit: \*\*\*/,
      /nobody awaits \*\*\*/,
      /after the end: \*\*\*/,
    ]) {
      expect(text).toMatch(way);
    }
    for (let at = 0; at < 12; at += 1) {
      expect(text).toMatch(new RegExp(`way: long message ${at}: ~+\\*{0,3}~*( … \\(\\d+ more characters\\))?$`, "m"));
      expect(text).toMatch(new RegExp(`way: long line ${at}: ~+`));
    }

    const { task_run: runs } = await world.ask<{ task_run: TaskRun[] }>(
      `{ task_run(where: { flow_run_id: { _eq: "${id}" } }) { map_index state state_message task { name } } }`,
    );
    const endOf = (name: string, mapIndex = -1): string[] =>
      runs
        .filter((run) => run.task.name === name && run.map_index === mapIndex)
        .map(({ state, state_message }) => `${state}: ${state_message}`);
    const ends: Record<string, RegExp> = {
      "thrown error": /^Failed: .*Error: cannot connect to \*\*\*: inner \*\*\*: \*\*\*$/,
      "thrown text": /^Failed: (?=.*\*\*\*)/,
      "thrown object": /^Failed: .*Bearer \*\*\*/,
      "thrown named": /^Failed: .*\*\*\*: \*\*\*$/,
      stray: /^Failed: .*nobody awaits \*\*\*/,
      "signal fail": /^Failed: failed with \*\*\*$/,
      "signal skip": /^Skipped: skipped \*\*\*$/,
      "signal success": /^Success: done with \*\*\*$/,
      "signal retry": /^Success/,
      "signal loop": /^Success/,
      "loop result": /^Failed: .*"FILE_TOKEN" at \$\.token/,
      handled: /^Success: handled with \*\*\*$/,
      "handler throws": /^Failed: .*handler lost \*\*\*/,
      "handler signals": /^Skipped: handler skips \*\*\*/,
      triggered: /^TriggerFailed: .*trigger saw .*\*\*\*/,
      returned: /^Failed: .*"DB_URL" at \$\.rows\[1\]\.link,/,
      "returned bytes": /^Failed: .*"SIGNING_KEY" at \$\.file,/,
      "returned encoded": /^Failed: .*"DB_URL" at \$\[0\]\.auth,/,
      "returned error": /^Failed: .*"FILE_TOKEN" at \$\.problem\.cause/,
      "in state": /^Failed: .*"ACCOUNT" at \$\.nested\[0\]\.password,/,
      list: /^Failed: .*"DB_URL" at \$\[1\],/,
      "cached key": /^Failed: .*cache key of task "cached key".*"DB_URL"/,
      "cached inputs": /^Cached/,
      "cached parameters": /^Cached/,
      targeted: /^Failed: .*target of task "targeted".*"ACCOUNT"/,
      located: /^Failed: .*location of the result.*"FILE_TOKEN"/,
      crashing: /^Failed: .*SIGKILL.*last words: \*\*\*/s,
      "over time": /^TimedOut/,
      holding: /^TimedOut/,
      isolated: /^Success/,
      "isolated returns": /^Failed: .*it holds the secret "DB_URL"/,
      "isolated takes": /^Failed: .*it holds the secret "DB_URL"/,
      "retries take": /^Success/,
      fetches: /^Failed: .*"NOT_THERE" was not found/,
      pin: /^Success/,
    };
    for (const [name, end] of Object.entries(ends)) {
      expect({ name, ends: endOf(name) }).toEqual({ name, ends: [expect.stringMatching(end)] });
    }
    expect(endOf("child", 1)).toEqual([expect.stringMatching(/^Failed: .*child 2 lost \*\*\*/)]);
    expect(endOf("child", 2)).toEqual([expect.stringMatching(/^Failed: .*"DB_URL" at \$,/)]);
    for (const end of endOf("thrown long")) expect(end).toMatch(/^Failed: .*Error: ~+/);

    const { log } = await world.ask<{ log: { message: string }[] }>(
      `{ log(where: { flow_run_id: { _eq: "${id}" } }) { message } }`,
    );
    expect(log.length).toBeGreaterThan(900);
    const warnings = log.filter(({ message }) => message.includes("not masked"));
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The secret "PIN" is not masked in logs: it has fewer than 6 characters\./),
    ]);
  });

  test("nor in what is written for a reader", async () => {
    const { out, traces } = await executed("plain");
    for (const [place, found] of Object.entries(traces)) expect({ place, found }).toEqual({ place, found: [] });
    expect(out).toMatch(
      /returned: The result of task 'returned' could not be persisted: .*"DB_URL" at \$\.rows\[1\]\.link/,
    );
    expect(out).toMatch(/way: plain of key: \*\*\*$/m);
  });
});
