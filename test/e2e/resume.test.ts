import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../results/servers.ts";
import { type Acknowledged, acknowledgedBy } from "./resume/acknowledgements.ts";
import type { Container } from "./resume/container.ts";
import { Random } from "./resume/random.ts";
import { attemptsOf, problemsOf } from "./resume/story.ts";
import type { TapEvent } from "./resume/tap.ts";
import { openWorld, survey, type World } from "./resume/world.ts";

const kills = 50;
/** Told when the test fails; RESUME_SEED plays the same plans again. */
const seed = Number(process.env.RESUME_SEED ?? Date.now() % 1_000_000);

const stations = 56;
const sum = (last: number, of: (x: number) => number): number =>
  Array.from({ length: last }, (_, at) => of(at + 1)).reduce((total, x) => total + x, 0);
const expected = new Map([
  ["corrected", sum(stations, (x) => 11 * x) + sum(12, (by) => by)],
  ["squares", sum(stations, (x) => x * x)],
  ["refined", 100 + sum(6, (loop) => loop)],
]);

/** When a container is killed: some time after its start, or at the n-th time that a moment comes. */
type Plan =
  | { readonly kind: "time"; readonly after: number }
  | { readonly kind: "api" | "s3"; readonly moment: TapEvent["moment"]; readonly nth: number };

function planOf(random: Random): Plan {
  const kind = (["time", "api", "api", "s3", "s3"] as const)[random.between(0, 4)] ?? "time";
  if (kind === "time") return { kind, after: random.between(200, 3_000) };
  const moment = random.next() < 0.5 ? "arrived" : "done";
  return { kind, moment, nth: kind === "api" ? random.between(1, 40) : random.between(1, 130) };
}

/** Kills a container by its plan; resolves at its end with whether it was killed while it was alive. */
async function killed(world: World, container: Container, plan: Plan): Promise<boolean> {
  let struck = false;
  const strike = (): void => {
    struck = container.alive;
    container.signal("SIGKILL");
  };
  const timer = plan.kind === "time" ? setTimeout(strike, plan.after) : null;
  let count = 0;
  const watch = (kind: "api" | "s3", before: (event: TapEvent) => void) => (event: TapEvent) => {
    before(event);
    if (struck) return "drop";
    if (plan.kind !== kind || plan.moment !== event.moment || ++count !== plan.nth) return undefined;
    strike();
    return "drop";
  };
  const { watch: ofApi } = world.api;
  world.api.watch = watch("api", ofApi);
  world.s3.watch = watch("s3", () => undefined);
  await container.ended;
  if (timer !== null) clearTimeout(timer);
  world.api.watch = ofApi;
  world.s3.watch = () => undefined;
  return struck;
}

describeWith("versitygw", "a flow run of about 200 tasks whose container is killed", () => {
  let world: World;
  let flowId: string;
  const acknowledged: Acknowledged[] = [];

  beforeAll(async () => {
    world = await openWorld();
    flowId = await world.register(survey, "survey");
    world.api.watch = (event) => void acknowledged.push(...acknowledgedBy(event));
  });
  afterAll(() => world?.close());

  // Fifty containers, one after the other.
  it(`goes on from what it had, at ${kills} random moments`, { timeout: 1_800_000 }, async () => {
    const random = new Random(seed);
    const at: string[] = [];
    for (let done = 0; done < kills; ) {
      const flowRunId = await world.createRun(flowId, { stations });
      const most = Math.min(kills - done, random.between(2, 6));
      const plans: string[] = [];
      for (let ofRun = 0; ; ) {
        const plan: Plan = ofRun < most ? planOf(random) : { kind: "time", after: 2 ** 30 };
        plans.push(JSON.stringify(plan));
        const container = world.start(flowRunId, { FLOW_RUNNER__TAKEOVER_AFTER: "0" });
        if (await killed(world, container, plan)) {
          ofRun += 1;
          const { task_runs } = await world.history(flowRunId);
          at.push(`${task_runs.filter(({ states }) => states.at(-1)?.state === "Success").length}/${task_runs.length}`);
          continue;
        }
        const { exitCode, err } = await container.ended;
        expect(exitCode, `${plans.join("\n")}\n${err}`).toBe(0);
        // The last kill may have come when the run was over and everything told.
        expect(err, plans.join("\n")).toMatch(/^$|Flow run has already finished/);
        done += ofRun;
        break;
      }
      const history = await world.history(flowRunId);
      const bodies = await world.bodies(flowRunId);
      const told = `seed ${seed}: ${plans.join(" ")}`;
      expect(history.state, told).toBe("Success");
      expect(history.task_runs.length).toBeGreaterThan(180);
      expect(problemsOf(history, bodies, acknowledged), told).toEqual([]);
      // An attempt that was cut off is done again, and spends no retry.
      const attempts = attemptsOf(bodies);
      for (const [label, attempt] of attempts) {
        const mapIndex = /^flaky-1\[(\d+)\]$/.exec(label)?.[1];
        expect(`${label} ${attempt}`).toBe(`${label} ${(Number(mapIndex) + 1) % 5 === 0 ? 3 : 1}`);
      }
      const report = history.task_runs.find(({ task }) => task.slug === "report-1")?.states.at(-1);
      expect(await world.read(report?.serialized_state._result?.location ?? "")).toEqual(expected);
      acknowledged.length = 0;
    }
    console.log(`${at.length} kills, when so many task runs were done: ${at.join(" ")}`);
  });
});
