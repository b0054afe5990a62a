import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ranTooEarly } from "./compare/causality.ts";
import { describeDisagreement, disagreements, type Story, storyKey } from "./compare/compare.ts";
import { storyOf } from "./compare/history.ts";
import { differences, translated } from "./differences/index.ts";
import { type PlayedTable, playTable } from "./play-table.ts";
import { prefectVenv } from "./prefect-venv.ts";
import { planned } from "./runs/scenarios.ts";

/** The judge. */
const { folder: venv, skipped } = prefectVenv("1.4.1");

describe.skipIf(skipped)("flow-runner and the real Prefect 1.4.1, each running the same graphs", () => {
  let table: PlayedTable;
  let prefect: ReadonlyMap<string, Story>;
  let ours: ReadonlyMap<string, Story>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "conformance-"));
    for (const side of ["prefect", "ours"]) mkdirSync(join(folder, side));
    table = await playTable(venv, folder);
    const stories = (histories: PlayedTable["prefect"]) =>
      new Map([...histories].map(([name, history]) => [name, storyOf(history)]));
    prefect = stories(table.prefect);
    ours = stories(table.ours);
    return () => rmSync(folder, { recursive: true, force: true });
  }, 900_000);

  test("have the same table, of at least 60 graphs, and every scenario is of one of them", () => {
    const graphs = (names: Iterable<string>) => new Set([...names].map((name) => name.replace(/, run \d+$/, "")));
    const names = graphs(prefect.keys());
    expect(graphs(ours.keys())).toEqual(names);
    expect(names.size).toBeGreaterThanOrEqual(60);
    expect(planned.filter((name) => !names.has(name))).toEqual([]);
  });

  test("take every flow run and task run through the same states in the same order, but for the listed differences", () => {
    const wrong = [...prefect].flatMap(([name, story]) => {
      const expected = differences.reduce((so, difference) => translated(difference, so, name), story);
      const found = disagreements(expected, ours.get(name) ?? new Map());
      return found.length === 0 ? [] : [`${name}\n${found.map(describeDisagreement).join("\n")}`];
    });
    expect(wrong.join("\n\n")).toBe("");
  });

  test("let nothing run before what it waits for has ended", () => {
    const early = [...table.prefect, ...table.ours].flatMap(([name, history]) =>
      ranTooEarly(history).map((sentence) => `${name}: ${sentence}`),
    );
    expect(early).toEqual([]);
  });

  describe.each(differences)("differ on purpose: $name", (difference) => {
    test.each(difference.shown)("$taskRun of: $graph", ({ graph, taskRun, prefect: theirs, ours: own }) => {
      expect(prefect.get(graph)?.get(taskRun) ?? null, "Prefect").toEqual(theirs);
      expect(ours.get(graph)?.get(taskRun) ?? null, "flow-runner").toEqual(own);
    });

    test("some graph needs it, and the documentation tells of it", () => {
      const needed = [...prefect].filter(
        ([name, story]) => storyKey(translated(difference, story, name)) !== storyKey(story),
      );
      expect(needed).not.toEqual([]);
      const page = readFileSync(join(import.meta.dirname, "../../docs/differences.md"), "utf8");
      expect(page.replaceAll(/\s+/g, " ")).toContain(difference.told);
    });
  });
});
