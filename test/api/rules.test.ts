import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedCache } from "../../src/api/database/bounded-cache.ts";
import { agentTakes, runLabels } from "../../src/api/rules/labels.ts";
import { runName } from "../../src/api/rules/run-name.ts";
import { runParameters } from "../../src/api/rules/run-parameters.ts";
import { canonicalTime, interval } from "../../src/api/rules/time.ts";
import { canonicalUuid } from "../../src/api/rules/uuid.ts";

const declared = (name: string, value: unknown, required = false) => ({ name, default: value, required });

describe("parameters of a run", () => {
  test("those given come before the group's, those before the flow's defaults", () => {
    const flow = [declared("a", 1), declared("b", 2), declared("c", 3)];
    expect(runParameters(flow, { b: 20, c: 30 }, { c: 300, d: 400 })).toEqual({ a: 1, b: 20, c: 300, d: 400 });
  });

  test.each([[0], [""], [false], [null], [undefined], [[]], [{}]])("a default of %j is left to the runner", (value) => {
    expect(runParameters([declared("a", value)], {}, {})).toEqual({});
  });

  test("a required one may be given as null, but not left out", () => {
    const required = [declared("a", null, true), declared("b", null, true)];
    expect(runParameters(required, { a: 1 }, { b: null })).toEqual({ a: 1, b: null });
    expect(() => runParameters(required, {}, {})).toThrow("Required parameters were not supplied: {'a', 'b'}");
  });
});

describe("labels", () => {
  const none = {
    ...{
      given: null,
      givenRunConfig: null,
      group: null,
      groupRunConfig: null,
      flowRunConfig: null,
      flowEnvironment: null,
    },
  };
  const order = [
    ["given", ["x", "a"]],
    ["givenRunConfig", { labels: ["x", "a"] }],
    ["group", ["x", "a"]],
    ["groupRunConfig", { labels: ["x", "a"] }],
    ["flowRunConfig", { labels: ["x", "a"] }],
    ["flowEnvironment", { labels: ["x", "a"] }],
  ] as const;

  test.each(order.map(([source], at) => [source, at] as const))("%s decides over all after it", (source, at) => {
    const after = order
      .slice(at + 1)
      .map(([name, value]) => [name, Array.isArray(value) ? ["later"] : { labels: ["later"] }]);
    expect(runLabels({ ...none, ...Object.fromEntries(after), [source]: order[at]?.[1] })).toEqual(["a", "x"]);
  });

  test("a source without labels decides too, and no source means none", () => {
    expect(runLabels({ ...none, given: [], group: ["x"] })).toEqual([]);
    expect(runLabels({ ...none, givenRunConfig: {}, group: ["x"] })).toEqual([]);
    expect(runLabels(none)).toEqual([]);
  });

  test.each([
    [["a", "b"], ["a"], true],
    [["a"], ["a", "b"], false],
    [[], [], true],
    [["a"], [], false],
    [[], ["a"], false],
  ])("an agent with %j takes a run with %j: %s", (agent, run, takes) => {
    expect(agentTakes(agent, run)).toBe(takes);
  });
});

describe("times and ids", () => {
  test.each([
    ["2020-01-02T03:04:05.678901+00:00", "2020-01-02T03:04:05.678901+00:00"],
    ["2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000000+00:00"],
    ["2020-01-02 03:04:05.1-0230", "2020-01-02T05:34:05.100000+00:00"],
    ["2020-01-02", "2020-01-02T00:00:00.000000+00:00"],
  ])("%s is kept as %s", (given, kept) => {
    expect(canonicalTime(given)).toBe(kept);
  });

  test("as kept, times sort as text in the order of time", () => {
    const time = fc.date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [x, y] = [canonicalTime(a.toISOString()), canonicalTime(b.toISOString())];
        expect(Math.sign(a.getTime() - b.getTime())).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(canonicalTime(x)).toBe(x);
      }),
    );
  });

  test.each([["soon"], [""], [3], [null], ["2020-13-01T00:00:00Z"]])("%j is no time", (value) => {
    expect(() => canonicalTime(value)).toThrow("Could not parse DateTime");
  });

  test.each([
    [1, "00:00:01"],
    [90, "00:01:30"],
    [95_400, "26:30:00"],
    [0.25, "00:00:00.25"],
    [0, "00:00:00"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(interval(seconds)).toBe(text);
  });

  test("an id may be written without dashes or in capitals, and is kept in one form", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        for (const form of [id, id.toUpperCase(), id.replaceAll("-", "")]) expect(canonicalUuid(form)).toBe(id);
      }),
    );
    expect(() => canonicalUuid("fr-1")).toThrow("Could not parse UUID: fr-1");
    expect(() => canonicalUuid(null)).toThrow("Could not parse UUID");
  });

  test("a run's name is two words, whatever the dice say", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999999, noNaN: true }), (dice) => {
        expect(runName(() => dice)).toMatch(/^[a-z]+-[a-z]+$/);
      }),
    );
    expect(runName(() => 0)).not.toBe(runName(() => 0.5));
  });
});

describe("a bounded cache", () => {
  test("forgets what was used least recently", () => {
    const cache = new BoundedCache<string, number>({ entries: 2 });
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
  });

  test("never holds more than its weight, and gives back even what it cannot keep", () => {
    const limits = { entries: 100, weight: 50, weigh: (key: string) => key.length };
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 60 })), (keys) => {
        const cache = new BoundedCache<string, string>(limits);
        for (const key of keys) expect(cache.set(key, key)).toBe(key);
        const held = keys.filter((key) => cache.get(key) === key);
        expect(held.reduce((sum, key) => sum + key.length, 0)).toBeLessThanOrEqual(50);
        expect(cache.size).toBe(held.length);
        const last = keys.findLast((key) => key.length <= 50);
        if (last !== undefined) expect(held).toContain(last);
      }),
    );
  });
});
