import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";

/** Of util-linux: runs a command on a pseudo-terminal. */
const terminal = "script";
const play = fileURLToPath(new URL("./play.ts", import.meta.url));

/** What does not end is ended, and what it has printed is seen. */
const limits = { timeout: 240_000, killSignal: "SIGKILL" } as const;

interface Played {
  readonly out: string;
  readonly exitCode: number | null;
}

async function piped(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Played> {
  const child = spawn(process.execPath, [play, ...words], {
    env: { ...process.env, ...env },
    ...{ stdio: ["ignore", "pipe", "inherit"], ...limits },
  });
  const out = text(child.stdout);
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { out: await out, exitCode };
}

/** On a pseudo-terminal of util-linux's `script`, with a size of its own. */
async function onTerminal(
  words: readonly string[],
  size = "rows 24 cols 80",
  env: NodeJS.ProcessEnv = {},
): Promise<Played> {
  const command = `stty ${size}; exec ${process.execPath} ${play} ${words.join(" ")}`;
  const child = spawn(terminal, ["-qefc", command, "/dev/null"], {
    env: {
      ...process.env,
      CI: undefined,
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      NODE_DISABLE_COLORS: undefined,
      ...env,
    },
    ...{ stdio: ["ignore", "pipe", "inherit"], ...limits },
  });
  const out = text(child.stdout);
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { out: await out, exitCode };
}

const lines = (out: string) => out.split("\n").filter(Boolean);
const json = (out: string) => lines(out).map((line) => JSON.parse(line) as Record<string, unknown>);

describe("in a pipe", () => {
  test("every line is JSON, and the last one sums the run up", async () => {
    const { out, exitCode } = await piped(["auto", "10"]);
    const records = json(out);
    expect(exitCode).toBe(0);
    expect(records[0]).toEqual({
      level: "info",
      time: 1_700_000_000_000,
      name: "prefect.fetch",
      msg: "Beginning flow run",
    });
    expect(records.find(({ level }) => level === "error")).toMatchObject({
      taskRunId: "run-3",
      msg: expect.stringContaining("day 3"),
    });
    expect(records.at(-1)).toMatchObject({
      state: "Failed",
      counts: { Success: 10, Failed: 1 },
      durationMs: expect.any(Number),
    });
    expect(records.filter(({ msg }) => msg === "a detail")).toEqual([]);
  });

  test("nothing is lost of many lines", async () => {
    const { out } = await piped(["json", "1", "0"]);
    expect(json(out)).toHaveLength(4);
  });

  test("quiet leaves what went wrong", async () => {
    const { out } = await piped(["auto", "10", "0", "quiet"]);
    expect(json(out).map(({ level }) => level)).toEqual(["error"]);
  });

  test("a reader that goes away ends nothing", async () => {
    const child = spawn(process.execPath, [play, "json", "1000", "20"], {
      ...{ stdio: ["ignore", "pipe", "pipe"], ...limits },
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const errors = text(child.stderr);
    const exitCode = await new Promise((resolve) => child.on("close", resolve));
    expect(await errors).toBe("");
    expect(exitCode).toBe(0);
  });

  test("a reader that stops reading holds up neither the run nor its end", async () => {
    const child = spawn(process.execPath, [play, "json", "50000", "0", "debug"], {
      ...{ stdio: ["ignore", "pipe", "inherit"], ...limits },
    });
    // Nothing reads child.stdout: 50,000 children write far more than a pipe holds.
    const exitCode = await new Promise((resolve) => child.on("exit", resolve));
    child.stdout.destroy();
    expect(exitCode).toBe(0);
  });

  test("plain lines on request, without colours", async () => {
    const { out } = await piped(["plain", "10"]);
    expect(out).toContain("INFO     fetch | Beginning flow run");
    expect(out).toContain("fetch-1[3]: no data");
    expect(out).toBe(stripVTControlCharacters(out));
  });
});

describe.skipIf(process.platform !== "linux")("on a terminal", () => {
  test("a picture of the run is redrawn, the log stays above it and the table ends it", async () => {
    const { out } = await onTerminal(["auto", "1000", "200"]);
    const seen = stripVTControlCharacters(out);
    expect(seen).toMatch(/fetch-1 +█+░+ {2}[\d,]+\/1,000/);
    expect(seen.match(/Beginning flow run/g)).toHaveLength(1);
    expect(seen).toMatch(/│ fetch-1 \[1,000\] +│ 1 Failed, 999 Success/);
    expect(seen.trimEnd().split("\r\n").at(-1)).toMatch(/^Flow run is Failed after .*: Some reference tasks failed\./);
    expect(out).toContain("\u001b[?25h");
  });

  test("the runner's own lines about task runs are shown when details are asked for", async () => {
    expect((await onTerminal(["auto", "10"])).out).not.toContain("Starting task run");
    expect((await onTerminal(["auto", "10", "0", "debug"])).out).toContain("Starting task run");
  });

  test("ten thousand children are one line", async () => {
    const { out } = await onTerminal(["auto", "10000"]);
    expect(stripVTControlCharacters(out)).toMatch(/│ fetch-1 \[10,000\] +│ 1 Failed, 9,999 Success/);
    expect(out.length).toBeLessThan(20_000);
  });

  test("colours are left out when NO_COLOR says so", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is looked for.
    const colour = /\u001b\[[0-9;]*m/;
    expect((await onTerminal(["auto", "10"])).out).toMatch(colour);
    expect((await onTerminal(["auto", "10"], undefined, { NO_COLOR: "1" })).out).not.toMatch(colour);
  });

  test("a narrow terminal has no table that is torn apart", async () => {
    const { out } = await onTerminal(["auto", "1000", "30"], "rows 10 cols 30");
    const widest = Math.max(
      ...stripVTControlCharacters(out)
        .split(/\r?\n/)
        .map((line) => [...line].length),
    );
    expect(out).toContain("999 Success");
    expect(widest).toBeLessThan(120);
    expect(out).not.toContain("│");
  });

  test("one that cannot move its cursor gets plain lines", async () => {
    const { out } = await onTerminal(["auto", "10"], undefined, { TERM: "dumb" });
    expect(out).toBe(stripVTControlCharacters(out));
    expect(out).toContain("Flow run is Failed");
  });
});
