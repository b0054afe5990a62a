import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ExitCode } from "../../src/errors/index.ts";
import { flowRunner, main } from "./binary.ts";

describe("help", () => {
  test("names every command and every exit code", async () => {
    const { out, exitCode } = await flowRunner(["--help"]);
    expect(exitCode).toBe(0);
    for (const command of [
      "execute",
      "run",
      "save",
      "register",
      "inspect",
      "check",
      "api",
      "create-run",
      "deliver",
      "secrets",
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    }
    for (const code of Object.values(ExitCode)) expect(out).toMatch(new RegExp(`^  ${code}  \\w`, "m"));
  });

  test.each(["run", "execute", "api", "register"])("of %s is its own", async (command) => {
    const { out, exitCode } = await flowRunner([command, "--help"]);
    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: flow-runner ${command}`);
  });

  test("lists the environment variables with their defaults", async () => {
    const { out, exitCode } = await flowRunner(["environment"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/FLOW_RUNNER__CONCURRENCY\n.*\n.*Default: 32\./);
    expect(out).toMatch(/PREFECT__CLOUD__HEARTBEAT_INTERVAL\b.*\n.*\n.*Default: 30 s\./);
  });

  test("lists the environment variables as JSON, with those of Prefect's that have no effect", async () => {
    const { out, exitCode } = await flowRunner(["environment", "--json"]);
    expect(exitCode).toBe(0);
    const { settings, notHonoured } = JSON.parse(out);
    expect(settings).toContainEqual(expect.objectContaining({ names: ["FLOW_RUNNER__CONCURRENCY"], fallback: "32" }));
    expect(notHonoured).toContainEqual({ name: "PREFECT__BACKEND", why: expect.stringContaining("address") });
  });

  test("--version is the package's", async () => {
    expect(await flowRunner(["--version"])).toEqual({ out: `${packageJson.version}\n`, err: "", exitCode: 0 });
  });

  test("a bare command shows help and is a mistake", async () => {
    const { err, exitCode } = await flowRunner([]);
    expect(exitCode).toBe(2);
    expect(err).toContain("Commands:");
  });

  test("a reader that stops reading is no mistake", async () => {
    const child = spawn(process.execPath, [main, "environment"], {
      ...{ stdio: ["ignore", "pipe", "pipe"], timeout: 240_000, killSignal: "SIGKILL" },
    });
    child.stdout.destroy();
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const exitCode = await new Promise((resolve) => child.on("close", resolve));
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
  });
});

describe("mistakes on the command line", () => {
  test.each([
    [["rum"], /unknown command 'rum'[\s\S]*Did you mean run\?/],
    [["run", "x.ts", "--chekpoint"], /unknown option '--chekpoint'[\s\S]*Did you mean --checkpoint\?/],
    [["run"], /missing required argument 'file'/],
    [["register", "x.ts"], /required option '--project <name>'[\s\S]*Try "\S+ register --help"/],
    [["runs", "--state", "Faild"], /Allowed: Pending, Scheduled[\s\S]*Try "\S+ runs --help"/],
    [["run", "nowhere.ts", "--watch"], /There is no file .*nowhere\.ts.*\[SOURCE_NOT_FOUND\]/, 3],
    [["run", "nowhere.ts", "--trace", "/dev/null/t.json"], /open \/dev\/null\/t\.json.*\[SYSTEM_REFUSED\]/, 1],
    [["debug", "x", "--task", "y", "--set", "days"], /--set "days" cannot be used: name=value is expected/],
    [["api", "--port", "70000"], /'70000' is invalid\. Allowed: a whole number from 0 to 65535/],
    [["run", "x.ts", "--log-level", "loud"], /Allowed: DEBUG, INFO/],
    [["run", "x.ts", "--concurrency", "0"], /Allowed: a whole number from 1/],
    [["run", "x.ts", "-p", "days"], /-p "days" cannot be used: name=value is expected.*\[PARAMETER_OPTION_INVALID\]/],
    [["execute", "flow-rum"], /Allowed choices are flow-run, cloud-flow/],
    [["execute", "flow-run", "extra"], /too many arguments/],
    [["create-run", "x", "--api", "nowhere"], /--api is "nowhere"\. Allowed: an address/],
  ])("%j", async (words, message, code = 2) => {
    const { out, err, exitCode } = await flowRunner(words);
    expect(exitCode).toBe(code);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe("");
  });
});

describe("execute", () => {
  test.each([["execute"], ["execute flow-run"], ["execute cloud-flow"]])(
    "%s without a flow run says which variable is missing",
    async (words) => {
      const { out, err, exitCode } = await flowRunner(words.split(" "));
      expect(exitCode).toBe(2);
      expect(err).toMatch(/^flow-runner: .*PREFECT__CONTEXT__FLOW_RUN_ID is not set.*\[FLOW_RUN_ID_MISSING\]\n$/);
      expect(out).toBe("");
    },
  );

  test("reached through a link named prefect", async () => {
    const folder = await mkdtemp(join(tmpdir(), "link-"));
    try {
      const script = join(folder, "prefect");
      await symlink(main, script);
      const ended = await flowRunner(["execute", "flow-run"], { script });
      expect(ended).toMatchObject({ exitCode: 2, err: expect.stringContaining("FLOW_RUN_ID_MISSING") });
      expect((await flowRunner(["--help"], { script })).out).toContain("Usage: prefect ");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("does not show a key that stands in the environment", async () => {
    const { out, err } = await flowRunner(["execute"], {
      env: { PREFECT__CLOUD__API_KEY: "s3cret-key", PREFECT__CLOUD__API: "s3cret", PREFECT__CONTEXT__FLOW_RUN_ID: "x" },
    });
    expect(out + err).not.toContain("s3cret-key");
  });

  test("does not load the parser of the command line", async () => {
    const probe = `data:text/javascript,${encodeURIComponent(
      'import { registerHooks } from "node:module"; registerHooks({ resolve(s, c, next) { if (s === "commander") process.stderr.write("LOA" + "DED"); return next(s, c); } });',
    )}`;
    const nodeFlags = ["--import", probe];
    expect((await flowRunner(["execute"], { nodeFlags })).err).not.toContain("LOADED");
    expect((await flowRunner(["--version"], { nodeFlags })).err).toContain("LOADED");
  });
});
