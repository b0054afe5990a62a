import { describe, expect, it } from "vitest";
import { flow, parameter, task } from "../../src/index.ts";

const slugs = (build: () => unknown) => flow("f", build).graph.tasks.map(({ slug }) => slug);
const add = task("add", ({ x }: { x: number }) => x + 1);

describe("slugs", () => {
  it("are name, sorted tags and a number of their own for each such prefix", () => {
    const tagged = task("add", ({ x }: { x: number }) => x + 2, { tags: ["math", "a", "math"] });
    expect(
      slugs(() => {
        add({ x: 1 });
        tagged({ x: 1 });
        add({ x: 2 });
        tagged({ x: 2 });
        parameter("days", { default: [] });
      }),
    ).toEqual(["add-1", "add-a-math-1", "add-2", "add-a-math-2", "days"]);
  });

  it("share a number between names that look alike, as in Prefect 1.x", () => {
    const joined = task("add-a", () => 1);
    const tagged = task("add", () => 2, { tags: ["a"] });
    expect(slugs(() => [joined(), tagged()])).toEqual(["add-a-1", "add-a-2"]);
  });

  it("are the same each time the same source is built", () => {
    const build = () => add({ x: add({ x: 1 }) });
    expect(slugs(build)).toEqual(slugs(build));
    expect(slugs(build)).toEqual(["add-1", "add-2"]);
  });

  it("pass over the name of a parameter, and refuse a parameter that comes too late", () => {
    expect(
      slugs(() => {
        parameter("add-1", { default: 1 });
        add({ x: 1 });
      }),
    ).toEqual(["add-1", "add-2"]);
    const late = () =>
      slugs(() => {
        add({ x: 1 });
        parameter("add-1", { default: 1 });
      });
    expect(late).toThrow('A task with the slug "add-1" already exists in flow "f".');
  });
});
