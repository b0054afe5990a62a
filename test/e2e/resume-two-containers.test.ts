import { inspect, isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../results/servers.ts";
import { type Acknowledged, acknowledgedBy } from "./resume/acknowledgements.ts";
import type { Container } from "./resume/container.ts";
import { Random } from "./resume/random.ts";
import { problemsOf } from "./resume/story.ts";
import { type Body, openWorld, type RunHistory, survey, type World } from "./resume/world.ts";

const seed = Number(process.env.RESUME_SEED ?? Date.now() % 1_000_000);

/** Quick enough for a test; the proportions are those of the defaults. */
const quick = {
  FLOW_RUNNER__TAKEOVER_AFTER: "2s",
  PREFECT__CLOUD__HEARTBEAT_INTERVAL: "300ms",
  PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL: "500ms",
};
const stations = 24;

const claims = ({ states }: RunHistory) => states.filter(({ state }) => state === "Running");

describeWith("versitygw", "two containers of one flow run", () => {
  let world: World;
  let flowId: string;
  let acknowledged: Acknowledged[] = [];

  beforeAll(async () => {
    world = await openWorld();
    flowId = await world.register(survey, "survey");
  });
  afterAll(() => world?.close());
  afterEach(() => {
    world.s3.watch = () => undefined;
    note();
  });
  const note = (): void => {
    acknowledged = [];
    world.api.watch = (event) => void acknowledged.push(...acknowledgedBy(event));
  };

  /** The run is over, and its story is that of one run; bodies that are left out are accounted for elsewhere. */
  async function expectWhole(flowRunId: string, leftOut: readonly Body[] = []): Promise<RunHistory> {
    const history = await world.history(flowRunId);
    const bodies = (await world.bodies(flowRunId)).filter(
      (body) => !leftOut.some((each) => isDeepStrictEqual(each, body)),
    );
    expect(history.state).toBe("Success");
    expect(history.states.filter(({ state }) => state === "Success")).toHaveLength(1);
    expect(problemsOf(history, bodies, acknowledged)).toEqual([]);
    return history;
  }
  const isUnderWay = async (flowRunId: string): Promise<boolean> => (await world.bodies(flowRunId)).length > stations;

  it("started together: one runs it, and the other leaves", async () => {
    note();
    const flowRunId = await world.createRun(flowId, { stations });
    await world.gate(flowRunId, "closed");
    const both = [world.start(flowRunId, quick), world.start(flowRunId, quick)];
    const first = await Promise.race(both.map(({ ended }) => ended));
    expect(first).toMatchObject({ exitCode: 0, err: expect.stringMatching(/was left as it is: /) });
    await world.gate(flowRunId, "open");
    for (const { ended } of both) expect(await ended).toMatchObject({ exitCode: 0 });
    await expectWhole(flowRunId);
    const containers = new Set((await world.bodies(flowRunId)).map(({ container }) => container));
    expect(containers.size).toBe(1);
  });

  it("one that runs, and one that comes later and leaves", async () => {
    note();
    const flowRunId = await world.createRun(flowId, { stations });
    await world.gate(flowRunId, "closed");
    const first = world.start(flowRunId, quick);
    await first.until(() => isUnderWay(flowRunId));
    const second = world.start(flowRunId, quick);
    expect(await second.ended).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/Another container runs this flow run: its heartbeat was renewed\.\n$/),
    });
    expect(first.alive).toBe(true);
    await world.gate(flowRunId, "open");
    expect(await first.ended).toMatchObject({ exitCode: 0, err: "" });
    expect(claims(await expectWhole(flowRunId))).toHaveLength(1);
  });

  it("that wait for a third one, which is dead: one goes on, and the other leaves", async () => {
    note();
    const flowRunId = await world.createRun(flowId, { stations });
    await world.gate(flowRunId, "closed");
    const dead = world.start(flowRunId, quick);
    await dead.until(() => isUnderWay(flowRunId));
    dead.signal("SIGKILL");
    await dead.ended;
    const both = [world.start(flowRunId, quick), world.start(flowRunId, quick)];
    const left = await Promise.race(both.map(({ ended }) => ended));
    expect(left).toMatchObject({ exitCode: 0, err: expect.stringMatching(/was left as it is: /) });
    await world.gate(flowRunId, "open");
    for (const { ended } of both) expect(await ended).toMatchObject({ exitCode: 0 });
    expect(claims(await expectWhole(flowRunId))).toHaveLength(2);
  });

  describe("one that hangs, is taken over, and wakes up again", () => {
    /** Stops a container at the n-th request that the API has answered; the answer waits for it. */
    async function stopped(flowRunId: string, nth: number) {
      const container = world.start(flowRunId, quick);
      const { watch } = world.api;
      const { promise, resolve } = Promise.withResolvers<number>();
      let count = 0;
      world.api.watch = (event) => {
        if (event.moment === "done" && ++count === nth) {
          container.signal("SIGSTOP");
          resolve(Date.now());
        }
        return watch(event);
      };
      const asleep = await Promise.race([promise, container.ended.then((told) => expect.unreachable(inspect(told)))]);
      world.api.watch = watch;
      return { container, asleep };
    }

    /** Wakes it up and waits for its end; the run's story is whole, and it has begun nothing anew. */
    async function woken(flowRunId: string, sleeper: Container, asleep: number): Promise<() => Promise<void>> {
      const waking = Date.now();
      sleeper.signal("SIGCONT");
      const { exitCode, err } = await sleeper.ended;
      expect({ exitCode, err }).toMatchObject({ exitCode: 0, err: expect.stringMatching(/was left as it is: /) });
      return async () => {
        // A body that was in its host's hands already cannot be called back: it begins, and its result is refused.
        const late = (await world.bodies(flowRunId)).filter(
          ({ container, time }) => container === sleeper.pid && time >= waking,
        );
        const history = await expectWhole(flowRunId, late);
        expect(claims(history)).toHaveLength(2);
        const before = acknowledged.filter(({ time }) => time <= asleep);
        const begun = problemsOf(history, late, before).filter((problem) => !problem.endsWith("ran after the Success"));
        expect(begun).toEqual([]);
      };
    }

    it("while the other is in the middle: it tells nothing more, and leaves", async () => {
      const random = new Random(seed);
      for (let round = 0; round < 4; round += 1) {
        note();
        const flowRunId = await world.createRun(flowId, { stations });
        await world.gate(flowRunId, "closed");
        const { container: sleeper, asleep } = await stopped(flowRunId, random.between(6, 24));
        const other = world.start(flowRunId, quick);
        await other.until(async () => (await world.bodies(flowRunId)).some(({ container }) => container === other.pid));
        const expectFenced = await woken(flowRunId, sleeper, asleep);
        expect(other.alive, `seed ${seed}, round ${round}`).toBe(true);
        await world.gate(flowRunId, "open");
        expect(await other.ended).toMatchObject({ exitCode: 0, err: "" });
        await expectFenced();
      }
    });

    it("when the other has finished the run", async () => {
      note();
      const flowRunId = await world.createRun(flowId, { stations });
      const { container: sleeper, asleep } = await stopped(flowRunId, 12);
      const other = world.start(flowRunId, quick);
      expect(await other.ended).toMatchObject({ exitCode: 0, err: "" });
      const before = await world.history(flowRunId);
      const expectFenced = await woken(flowRunId, sleeper, asleep);
      await expectFenced();
      expect(await world.history(flowRunId)).toEqual(before);
    });
  });
});
