import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flow, parameter, type TaskResult, task } from "../../src/index.ts";
import { boundInputs, edgesInto } from "./binding.ts";

const source = task("source", () => 1);
const sink = task("sink", ({ value }: { value: unknown }) => value);
const pair = task("pair", ({ left, right }: { left: unknown; right?: unknown }) => [left, right]);

describe("calling a task", () => {
  it("adds it to the flow, and runs nothing", () => {
    let ran = false;
    const body = task("body", () => {
      ran = true;
    });
    const built = flow("f", () => body());
    expect(built.graph.tasks.map(({ slug, kind }) => [slug, kind])).toEqual([["body-1", "task"]]);
    expect(ran).toBe(false);
  });

  it("connects references by edges and keeps other values in the inputs", () => {
    const built = flow("f", () => pair({ left: source(), right: 2 }));
    expect(edgesInto(built, "pair-1")).toEqual(["source-1 -left->"]);
    expect(boundInputs(built, "pair-1")).toEqual({ left: "<left>", right: 2 });
  });

  it("hands the very literal on that the author gave", () => {
    const literal = { deep: [new Date(0), new Map([["a", 1]])], fn: () => 1 };
    const built = flow("f", () => sink({ value: literal }));
    expect((boundInputs(built, "sink-1") as { value: unknown }).value).toBe(literal);
  });

  it("connects one task by two edges when its result is used twice", () => {
    const built = flow("f", () => {
      const one = source();
      pair({ left: one, right: [one] });
    });
    expect(edgesInto(built, "pair-1")).toEqual(["source-1 -left->", "source-1 -right.0->"]);
  });

  it("is a task of its own at every call", () => {
    const built = flow("f", () => pair({ left: source(), right: source() }));
    expect(edgesInto(built, "pair-1")).toEqual(["source-1 -left->", "source-2 -right->"]);
  });

  it("keeps the order of a long list of references, where sorting by text would not", () => {
    const built = flow("f", () => sink({ value: Array.from({ length: 12 }, () => source()) }));
    expect(boundInputs(built, "sink-1")).toEqual({
      value: Array.from({ length: 12 }, (_, index) => `<value.${index}>`),
    });
  });

  it("re-creates any shape of objects and arrays, each reference at its place", () => {
    // Names with dots and backslashes could be taken for paths.
    const key = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("a", "b", "0", "a.b", "a.0", "b.", "\\", "a\\.b"),
    );
    const { shape } = fc.letrec<{ shape: unknown }>((tie) => ({
      shape: fc.oneof(
        { depthSize: "small" },
        fc.constant("reference"),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie("shape"), { maxLength: 4 }),
        fc.dictionary(key, tie("shape"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(shape, (drawn) => {
        let count = 0;
        const slugs: string[] = [];
        const planted = (value: unknown): unknown => {
          if (value === "reference") {
            const reference = source();
            slugs.push(reference.slug);
            return reference;
          }
          if (Array.isArray(value)) return value.map(planted);
          if (typeof value !== "object" || value === null) return value;
          return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, planted(item)]));
        };
        const built = flow("f", () => sink({ value: planted(drawn) }));

        const edges = built.graph.edges.filter(({ downstream }) => downstream === "sink-1");
        const bySlug = new Map(edges.map(({ upstream, key }) => [key ?? "", upstream]));
        // No two references share a key, whatever the names of the objects are.
        expect(bySlug.size).toBe(slugs.length);
        const expected = (value: unknown): unknown => {
          if (value === "reference") return slugs[count++];
          if (Array.isArray(value)) return value.map(expected);
          if (typeof value !== "object" || value === null) return value;
          return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expected(item)]));
        };
        expect(boundInputs(built, "sink-1", Object.fromEntries(bySlug))).toEqual({ value: expected(drawn) });
      }),
    );
  });

  it("tells a dot in a name from a step in a path", () => {
    const built = flow("f", () => sink({ value: { "a.b": source(), a: { b: source(), "b\\": [source()] } } }));
    expect(edgesInto(built, "sink-1")).toEqual([
      "source-1 -value.a\\.b->",
      "source-2 -value.a.b->",
      "source-3 -value.a.b\\\\.0->",
    ]);
  });

  it("refuses a reference in a place where it could not be followed", () => {
    const inMap = () => flow("f", () => sink({ value: { rows: new Map([["a", source()]]) } }));
    expect(inMap).toThrow(`Task "sink": value.rows is a Map that holds a task's result; use an object or an array.`);
    const inCycle = () =>
      flow("f", () => {
        const loop: Record<string, unknown> = { one: source() };
        loop.self = loop;
        sink({ value: loop });
      });
    expect(inCycle).toThrow('Task "sink": value.self leads back into itself');
  });

  it("refuses a task where its result is meant", () => {
    const wrong = () => flow("f", () => sink({ value: { rows: [source] } }));
    expect(wrong).toThrow('Task "sink": value.rows.0 is the task "source" itself, not a result: call it.');
  });

  it("lets a literal lead back into itself", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const built = flow("f", () => sink({ value: loop }));
    expect(boundInputs(built, "sink-1")).toEqual({ value: loop });
  });

  it("refuses inputs that are no object of names", () => {
    const call = sink as unknown as (inputs: unknown) => TaskResult<unknown>;
    expect(() => flow("f", () => call("2012"))).toThrow('Task "sink": it takes one object of named inputs');
    expect(() => flow("f", () => call(source()))).toThrow('Task "sink": it takes one object of named inputs');
  });

  it("refuses to compute with a result while the flow is built", () => {
    expect(() => flow("f", () => sink({ value: `rows of ${source()}` }))).toThrow(
      'The result of task "source-1" was used as a value while the flow was being built.',
    );
    expect(() => flow("f", () => sink({ value: JSON.stringify([source()]) }))).toThrow(
      '"source-1" was used as a value',
    );
  });

  it("refuses a call outside of a flow, and says how to run the body", () => {
    expect(() => source()).toThrow(
      'Task "source" was called outside of a flow\'s build function. Calling a task adds it to the flow that is being ' +
        "built. To run its body directly, call its run(inputs).",
    );
    expect(() => parameter("days")).toThrow('Parameter "days" was called outside of a flow\'s build function.');
    expect(source.run()).toBe(1);
    expect(sink.run({ value: 3 })).toBe(3);
    expect(sink.name).toBe("sink");
  });

  it("refuses the result of another flow's task", () => {
    let foreign: TaskResult<number> | undefined;
    flow("first", () => {
      foreign = source();
    });
    const second = () => flow("second", () => sink({ value: [foreign] }));
    expect(second).toThrow('Flow "second" uses the result of "source-1", a task of flow "first".');
  });

  it("refuses calls that come after the flow was built", async () => {
    let late: Promise<unknown> | undefined;
    flow("f", () => {
      late = Promise.resolve().then(() => source());
    });
    await expect(late).rejects.toThrow(
      'Task "source" was called after the build function of flow "f" had returned, for instance in a callback.',
    );
  });
});

describe("after", () => {
  const ordered = (build: () => void) => flow("f", build).graph.edges;
  const edge = { upstream: "source-1", downstream: "sink-1", key: null, mapped: false };

  it("adds edges without data, on the result or in the call", () => {
    const onResult = ordered(() => {
      const first = source();
      sink({ value: 1 }).after(first);
    });
    const inCall = ordered(() => {
      const first = source();
      sink({ value: 1 }, { after: first });
    });
    const asList = ordered(() => {
      const first = source();
      sink({ value: 1 }, { after: [first] });
    });
    expect([onResult, inCall, asList]).toEqual([[edge], [edge], [edge]]);
  });

  it("adds an order once, however often it is said, and beside data", () => {
    const edges = ordered(() => {
      const first = source();
      sink({ value: first }, { after: [first, first] }).after(first);
    });
    expect(edges.map(({ key }) => key)).toEqual(["value", null]);
  });

  it("refuses a cycle, with the slugs in it", () => {
    const cyclic = () =>
      flow("loopy", () => {
        const first = source();
        const second = sink({ value: first });
        const third = sink({ value: second });
        first.after(third);
      });
    expect(cyclic).toThrow('Flow "loopy" has a cycle: source-1 -> sink-1 -> sink-2 -> source-1.');
  });

  it("refuses an option that a call does not have", () => {
    const wrong = () => flow("f", () => source({}, { afer: [] } as object));
    expect(wrong).toThrow('Task "source": option afer: there is no such option. There are: after.');
  });

  it("refuses what is no result", () => {
    const wrong = () => flow("f", () => source({}, { after: "sink-1" as unknown as TaskResult<unknown> }));
    expect(wrong).toThrow('Flow "f": a task\'s result was expected');
  });
});
