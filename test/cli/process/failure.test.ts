import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { describeFailure } from "../../../src/cli/process/failure.ts";
import { requireNode } from "../../../src/cli/process/node-version.ts";
import { FlowRunnerError } from "../../../src/errors/index.ts";

describe("the last words of a command", () => {
  test("a mistake of the user's is its sentence and its code", () => {
    const failure = describeFailure(new FlowRunnerError("PROJECT_NOT_FOUND", { project: "demo", api: "http://api:1" }));
    expect(failure.exitCode).toBe(2);
    expect(failure.text).toMatch(/^The API at http:\/\/api:1 has no project "demo"\..*\[PROJECT_NOT_FOUND\]$/);
  });

  test("what the system refuses names the file and the reason", async () => {
    const error = await readFile("/nonexistent/file").catch((caught: unknown) => caught);
    expect(describeFailure(error)).toEqual({
      text: "open /nonexistent/file: no such file or directory (ENOENT). [SYSTEM_REFUSED]",
      message: "open /nonexistent/file: no such file or directory (ENOENT).",
      code: "SYSTEM_REFUSED",
      exitCode: 1,
    });
  });

  test("what the network refuses names the address", async () => {
    const first = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => first.once("listening", resolve));
    const { port } = first.address() as { port: number };
    const second = createServer().listen(port, "127.0.0.1");
    const error = await new Promise((resolve) => second.once("error", resolve));
    first.close();
    expect(describeFailure(error).text).toMatch(new RegExp(`^listen 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
  });

  test("a mistake of ours has its stack and says where to report it", () => {
    const failure = describeFailure(new TypeError("x is undefined"));
    expect(failure.exitCode).toBe(1);
    expect(failure.text).toMatch(/Please report it/);
    expect(failure.text).toMatch(/TypeError: x is undefined\n\s+at /);
  });

  test.each([["text"], [undefined], [{ a: 1 }]])("%j that was thrown is shown as well", (value) => {
    expect(describeFailure(value).text).toContain("A value was thrown");
  });
});

test("a Node that is too old is refused in a sentence", () => {
  expect(() => requireNode("20.20.2")).toThrow("flow-runner needs Node 26 or newer, and this is Node 20.20.2.");
  expect(() => requireNode("26.0.0")).not.toThrow();
  expect(() => requireNode(process.versions.node)).not.toThrow();
});
