import { afterAll, expect, test } from "vitest";
import { describeWith } from "../results/servers.ts";
import { runSeed } from "./fault-suite/run-seed.ts";
import { openWorld, survey, type World } from "./resume/world.ts";

/** `scripts/fault-suite` sets these: how many seeds, and the first of them. */
const seeds = Number(process.env.FAULT_SEEDS ?? 60);
const first = Number(process.env.FAULT_FIRST ?? 1);

interface Lane {
  readonly world: World;
  readonly flowId: string;
}

describeWith(
  "versitygw",
  "a flow run of about 100 tasks while its API, its store, its hosts and its container fail",
  () => {
    const free: Lane[] = [];
    const opened: World[] = [];
    let [faults, kills] = [0, 0];

    const openLane = async (): Promise<Lane> => {
      const world = await openWorld();
      opened.push(world);
      return { world, flowId: await world.register(survey, "sturdy survey") };
    };

    afterAll(async () => {
      await Promise.all(opened.map((world) => world.close()));
      console.log(
        `${seeds} seeds from ${first}: ${faults} requests met a fault, ${kills} processes were killed or stopped`,
      );
    });

    // A few at a time: they wait more than they work.
    test.concurrent.each(Array.from({ length: seeds }, (_, at) => first + at))(
      "ends as it must: seed %i",
      async (seed) => {
        const lane = free.pop() ?? (await openLane());
        const told = await runSeed(lane.world, lane.flowId, seed);
        faults += told.faults;
        kills += told.kills;
        const again = [`again: scripts/fault-suite 1 ${seed}`, ...told.story].join("\n");
        expect(told.problems.slice(0, 12), again).toEqual([]);
        free.push(lane);
      },
    );
  },
);
