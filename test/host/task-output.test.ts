import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/engine/index.ts";
import { idOf, runInChild } from "./child-run.ts";

const run = (name: string) => runInChild(name, { file: "prints.ts" });
const told = (logs: readonly LogRecord[], id: string): LogRecord[] =>
  logs.filter(({ name, taskRunId }) => taskRunId === id && !/TaskRunner$/.test(name));
const messages = (logs: readonly LogRecord[]): string[] => logs.map(({ message }) => message);

describe("what a task says", () => {
  it("by its logger, stdout and stderr is in order, also by the times of the records", async () => {
    const { logs } = await run("mixing");
    for (const x of [0, 1, 2]) {
      const own = told(logs, idOf("mixes-1", x));
      expect(messages(own)).toEqual(Array.from({ length: 40 }, (_, at) => `${x} ${at}`));
      expect(messages(own.toSorted((a, b) => a.time - b.time))).toEqual(messages(own));
      expect(new Set(own.map(({ time }) => time)).size).toBe(40);
      expect(own.slice(0, 4).map(({ level, name }) => [level, name])).toEqual([
        ["INFO", "prefect.stdout"],
        ["INFO", `prefect.mixes[${x}]`],
        ["WARNING", "prefect.stderr"],
        ["WARNING", `prefect.mixes[${x}]`],
      ]);
    }
  });

  it("in work that it has started is its own", async () => {
    const { logs } = await run("nesting");
    expect(messages(told(logs, idOf("nests-1"))).sort()).toEqual([
      "from a microtask",
      "from a tick",
      "from a timer",
      "from deep below",
    ]);
    expect(messages(told(logs, idOf("beside-1")))).toEqual(["from beside"]);
  });

  it("through loggers of libraries is a record of theirs, of those that are named", async () => {
    const { logs } = await runInChild("libraries", { file: "prints.ts", extraLoggers: ["client", "router"] });
    expect(told(logs, idOf("asks libraries-1")).map(({ level, name, message }) => [level, name, message])).toEqual([
      ["INFO", "client", "connected\nto 3 hosts"],
      ["INFO", "router:layer", "matched /"],
      ["WARNING", "prefect.stderr", "of its own"],
    ]);
  });

  it("after it has closed stdout and stderr is told all the same", async () => {
    const { logs, last } = await run("closing");
    expect(last("closes-1").type).toBe("Success");
    expect(messages(logs)).toEqual(
      expect.arrayContaining([
        "through the end",
        "after stdout was closed",
        "after stderr was closed",
        "logged after it",
      ]),
    );
  });
});

describe("what a task's child processes and threads print", () => {
  it("is the task's own, with two of them at once", async () => {
    const { logs, outcome } = await run("starting");
    expect(outcome.state.type).toBe("Success");
    for (const x of [0, 1]) {
      const own = told(logs, idOf("starts-1", x));
      expect(own.map(({ name, message }) => `${name} ${message}`).sort()).toEqual(
        [
          `prefect.stderr ${x} execSync err`,
          `prefect.stderr ${x} spawn err`,
          `prefect.stderr ${x} spawnSync err`,
          `prefect.stderr ${x} swapped`,
          `prefect.stdout ${x} forked`,
          `prefect.stdout ${x} piped`,
          `prefect.stdout ${x} spawn out`,
          `prefect.stdout ${x} spawnSync out`,
          `prefect.stdout ${x} worker`,
        ].sort(),
      );
    }
  });

  it("is an isolated task's also where it goes past the streams", async () => {
    const { logs } = await run("isolated");
    expect(messages(told(logs, idOf("alone-1"))).sort()).toEqual(["past the other", "past the stream"]);
  });
});

describe("a task that is killed", () => {
  it("leaves every line that it has said, and the last ones in its Failed state", async () => {
    const { logs, last } = await run("dying");
    expect(messages(told(logs, idOf("dies telling-1")))).toEqual([
      ...Array.from({ length: 30 }, (_, at) => `row ${at}`),
      "the last line",
      "the last record\nof two lines",
    ]);
    expect(last("dies telling-1")).toMatchObject({
      type: "Failed",
      message: expect.stringMatching(
        /^The task's host ended: killed by SIGKILL.*\nrow 27\nrow 28\nrow 29\nthe last line\nthe last record\nof two lines$/s,
      ),
    });
  });
});
