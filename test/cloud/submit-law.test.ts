import fc from "fast-check";
import { expect, test } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { makeState } from "../../src/state/index.ts";
import { FakeApi, type Fault, Refusal } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

const slugs = ["a-1", "b-1", "c-1", "d-1"];

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>(
    { kind: "reset" },
    { kind: "lost" },
    { kind: "torn" },
    { kind: "half-closed" },
    { kind: "status", status: 503 },
    { kind: "status", status: 413 },
    { kind: "status", status: 429, headers: { "Retry-After": "3" } },
    { kind: "invalid", message: "Unknown value" },
    { kind: "invalid", message: "API_ERROR", code: "API_ERROR", status: 200 },
  ),
  fc.constant<Fault>({ kind: "text", body: "<html>" }),
);
/** A document that is refused as a whole stores nothing, and when it has one item only, that one is refused. */
const mayRefuse = (given: Fault | null) =>
  given?.kind === "invalid" || (given?.kind === "status" && given.status === 413);
/** Three attempts are all that garbage is worth. */
const isGarbage = (given: Fault | null) => given?.kind === "text";

test.each(["1.x", "0.7"] as const)(
  "in %s: whatever goes wrong on the way, a state is stored once, in order, and its answer is true",
  async (dialect) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...slugs), fc.boolean()), { minLength: 1, maxLength: 12 }),
        fc.array(fc.option(fault), { maxLength: 6 }).filter((faults) => faults.filter(isGarbage).length < 2),
        async (steps, faults) => {
          const fake = await new FakeApi(slugs, dialect).listen();
          const api = openGraphqlApi({
            url: fake.url,
            key: null,
            tenantId: null,
            dialect,
            env: {},
            clock: new JumpingClock(),
          });
          try {
            const items = steps.map(([slug, isGood], at) => ({ slug, isGood, message: `${at}` }));
            const good = new Set(items.filter(({ isGood }) => isGood).map(({ message }) => message));
            const stored = new Map<string, string[]>(slugs.map((slug) => [`tr-${slug}`, []]));
            fake.refuse = ({ state, task_run_id: id }) => {
              const { message } = state as { message: string };
              if (!good.has(message)) return new Refusal(`${message} is bad`);
              stored.get(String(id))?.push(message);
              return null;
            };
            const left = [...faults];
            fake.faultOf = ({ fields }) => {
              // A question is neither too large nor misunderstood.
              const isQuestion = !fields.some(
                (field) => field === "set_task_run_states" || field === "setTaskRunStates",
              );
              return isQuestion && left[0] !== undefined && mayRefuse(left[0]) ? null : (left.shift() ?? null);
            };
            const { taskStates } = await api.submit({
              flowRunId: "fr-1",
              creations: [],
              flowStates: [],
              taskStates: items.map(({ slug, message }) => ({
                taskRunId: `tr-${slug}`,
                state: makeState("Success", message),
                version: null,
              })),
            });
            const accepted = items.filter((_, at) => taskStates[at]?.status === "accepted");
            for (const slug of slugs) {
              const told = accepted.filter((item) => item.slug === slug).map(({ message }) => message);
              expect(stored.get(`tr-${slug}`)).toEqual(told);
            }
            expect(accepted.every(({ isGood }) => isGood)).toBe(true);
            if (!faults.some(mayRefuse)) expect(accepted.map(({ message }) => message)).toEqual([...good]);
          } finally {
            api.close();
            await fake.stop();
          }
        },
      ),
      { numRuns: 150 },
    );
  },
);
