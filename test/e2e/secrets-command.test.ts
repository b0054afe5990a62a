import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { main } from "../cli/binary.ts";
import { tracesBelow, tracesIn } from "./secrets/scan.ts";
import { World } from "./secrets/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const heldFor = async (name: string): Promise<unknown> =>
  (await world.ask<{ secret_value: unknown }>(`{ secret_value(name: "${name}") }`)).secret_value;

const names = async (): Promise<string[]> => (await world.command(["secrets", "list"])).out.split("\n").filter(Boolean);

afterEach(async () => {
  for (const name of await names()) await world.command(["secrets", "delete", name]);
});

describe("secrets set", () => {
  test.each([
    ["without its line end", "p@ss word'\"\\\n", "p@ss word'\"\\"],
    ["with all other white space", "  a\tb \n\n", "  a\tb \n"],
    [
      "of several lines",
      "-----BEGIN KEY-----\nabc\r\ndef\n-----END KEY-----\r\n",
      "-----BEGIN KEY-----\nabc\r\ndef\n-----END KEY-----",
    ],
    ["that is JSON as text", '{"ACCESS_KEY": "a"}', '{"ACCESS_KEY": "a"}'],
    ["in any script", "pässwörd-密码-🌦\n", "pässwörd-密码-🌦"],
    ["of 2 MB", "x".repeat(2_000_000), "x".repeat(2_000_000)],
  ])("keeps the value on standard input, %s, and shows nothing", async (_, input, value) => {
    expect(await world.command(["secrets", "set", "VALUE"], {}, input)).toEqual({ out: "", err: "", exitCode: 0 });
    expect(await heldFor("VALUE")).toBe(value);
  });

  test("replaces a value, and lets none be read from the data file", async () => {
    for (const value of ["value-of-monday", "value-of-tuesday"]) {
      await world.command(["secrets", "set", "VALUE"], {}, value);
      expect(await heldFor("VALUE")).toBe(value);
    }
    const { files, traces } = await tracesBelow(world.path("data"), {
      monday: "value-of-monday",
      tuesday: "value-of-tuesday",
    });
    expect(files).toBeGreaterThanOrEqual(2);
    expect(traces).toEqual([]);
  });

  const typed = "hunter2-on-the-command-line";
  test.each([[["NAME", typed]], [["NAME", `--value=${typed}`]], [["NAME", "--value", typed]], [[`NAME=${typed}`]]])(
    "takes no value from the command line: %j",
    async (words) => {
      const { out, err, exitCode } = await world.command(["secrets", "set", ...words], {}, "of-standard-input");
      expect(exitCode).toBe(2);
      expect(err).toContain("standard input");
      expect(tracesIn(out + err, { typed })).toEqual([]);
      expect(await names()).toEqual([]);
    },
  );

  test("does not show the value when the API refuses it", async () => {
    const value = "value-that-is-refused";
    const { out, err, exitCode } = await world.command(["secrets", "set", "NAME", "--key", "wrong"], {}, value);
    expect(exitCode).toBe(4);
    expect(tracesIn(out + err, { value })).toEqual([]);
  });

  // Without util-linux there is no terminal to be had.
  test.skipIf(!existsSync("/usr/bin/script"))("reads a line from a terminal, which does not show it", async () => {
    const words = `${process.execPath} ${main} secrets set TYPED`;
    const child = spawn("/usr/bin/script", ["--quiet", "--return", "--command", words, "/dev/null"], {
      env: { PATH: process.env.PATH, TERM: "xterm", ...world.env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const shown = text(child.stdout);
    const ended = new Promise((resolve) => child.on("close", resolve));
    let asked = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (asked.includes("not shown")) return;
      asked += String(chunk);
      if (asked.includes("not shown")) child.stdin.write("typed-on-a-terminal\r");
    });
    expect(await ended).toBe(0);
    expect(await shown).toMatch(/^Value of TYPED, which is not shown: \s*$/);
    expect(await heldFor("TYPED")).toBe("typed-on-a-terminal");
  });
});

describe("secrets list and delete", () => {
  test("show names, and never values", async () => {
    for (const name of ["ZULU", "ALPHA", "MIKE"]) await world.command(["secrets", "set", name], {}, `value-of-${name}`);
    const { out, err } = await world.command(["secrets", "list"]);
    expect({ out, err }).toEqual({ out: "ALPHA\nMIKE\nZULU\n", err: "" });
    expect(await world.command(["secrets", "delete", "MIKE"])).toEqual({ out: "", err: "", exitCode: 0 });
    expect(await names()).toEqual(["ALPHA", "ZULU"]);
  });

  test("say that there is no such secret", async () => {
    expect(await world.command(["secrets", "delete", "NOPE"])).toEqual({
      out: "",
      err: `flow-runner: The API at ${world.api.url} has no secret "NOPE". Names are listed by: flow-runner secrets list. [SECRET_UNKNOWN]\n`,
      exitCode: 2,
    });
  });
});
