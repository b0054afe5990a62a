import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { describeDisagreement, disagreements, type Story, storyKey } from "../compare/compare.ts";
import { translated } from "../differences/index.ts";
import { differences3 } from "./differences.ts";
import { playTable3 } from "./play-table.ts";
import { planned3 } from "./runs.ts";

describeWithPrefect3("flow-runner and the real Prefect 3, each running the same graphs on one server", () => {
  let prefect: ReadonlyMap<string, Story>;
  let ours: ReadonlyMap<string, Story>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "conformance-3-"));
    for (const side of ["prefect", "ours"]) mkdirSync(join(folder, side));
    ({ prefect, ours } = await playTable3(await sharedPrefect3(), folder));
    return () => rmSync(folder, { recursive: true, force: true });
  }, 900_000);

  test("have at least 60 graphs of the table in common, and every plan is of one of them", () => {
    const names = new Set([...prefect.keys()].map((name) => name.replace(/, run \d+$/, "")));
    expect(names.size).toBeGreaterThanOrEqual(60);
    expect(planned3.filter((name) => !names.has(name))).toEqual([]);
    expect([...ours.keys()]).toEqual([...prefect.keys()]);
    const ends = [...prefect.values()].reduce((sum, story) => sum + story.size, 0);
    expect(ends).toBeGreaterThan(3 * prefect.size);
  });

  test("end every flow run and task run in the same state after as many runs, but for the listed differences", () => {
    const wrong = [...prefect].flatMap(([name, story]) => {
      const expected = differences3.reduce((so, difference) => translated(difference, so, name), story);
      const found = disagreements(expected, ours.get(name) ?? new Map());
      return found.length === 0 ? [] : [`${name}\n${found.map(describeDisagreement).join("\n")}`];
    });
    expect(wrong.join("\n\n")).toBe("");
  });

  describe.each(differences3)("differ on purpose: $name", (difference) => {
    test.each(difference.shown)("$taskRun of: $graph", ({ graph, taskRun, prefect: theirs, ours: own }) => {
      expect(prefect.get(graph)?.get(taskRun) ?? null, "Prefect").toEqual(theirs);
      expect(ours.get(graph)?.get(taskRun) ?? null, "flow-runner").toEqual(own);
    });

    test("some graph needs it, and the documentation tells of it", () => {
      const needed = [...prefect].filter(
        ([name, story]) => storyKey(translated(difference, story, name)) !== storyKey(story),
      );
      expect(needed).not.toEqual([]);
      const page = readFileSync(join(import.meta.dirname, "../../../docs/differences.md"), "utf8");
      expect(page.replaceAll(/\s+/g, " ")).toContain(difference.told);
    });
  });
});
