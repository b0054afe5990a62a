import { afterEach, describe, expect, it } from "vitest";
import { startApi } from "../../src/api/index.ts";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { claimFlowRun } from "../../src/cloud/index.ts";
import { registrationForm } from "../../src/graph/index.ts";
import { flow, task } from "../../src/index.ts";
import { type Claim, claimRun } from "../../src/run/execute/takeover.ts";
import { ManualClock } from "../cloud/manual-clock.ts";

const hour = 3_600_000;
const takeoverAfter = 60_000;
const storage = { type: "Local", flows: {} };
const weather = flow("weather", () => task("t", () => 1)());

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A flow run that is due now, with an API whose clock is ahead of the world's. */
async function dueRun(clockSkew: number) {
  const server = await startApi({ faults: { rules: [], clockSkew } });
  open.push(() => server.close());
  const api = openGraphqlApi({ url: server.url, key: null, tenantId: null, env: {} });
  open.push(() => api.close());
  const { id: projectId } = await api.createProject("demo");
  const { id: flowId } = await api.registerFlow({
    projectId,
    serializedFlow: registrationForm(weather.graph, { storage }),
  });
  return { server, api, id: await api.createFlowRun({ flow: { id: flowId } }) };
}

/** It is Running and has just had a heartbeat. */
async function runningRun(clockSkew: number) {
  const { server, api, id } = await dueRun(clockSkew);
  await claimFlowRun(api, await api.flowRunInfo(id), "first");
  await api.heartbeat(id);
  return { server, api, id };
}

/** The clock of the machine that is to take it over says something else again. */
async function claim({ api, id }: Awaited<ReturnType<typeof dueRun>>) {
  const clock = new ManualClock();
  const log: string[] = [];
  const stop = new AbortController();
  open.push(() => stop.abort());
  const rest = { runnerId: "second", clock, takeoverAfter, signal: stop.signal };
  const claimed: Promise<Claim> = claimRun({
    api,
    info: await api.flowRunInfo(id),
    ...rest,
    log: (text) => log.push(text),
  });
  return { claimed, clock, log };
}

describe.each([-hour, 0, hour])("a run that is Running, with an API whose clock is %i ms ahead", (skew) => {
  it("is waited for as long as its heartbeat is young by the API's own clock", async () => {
    const run = await runningRun(skew);
    const { claimed, clock, log } = await claim(run);
    expect(log).toEqual([expect.stringMatching(/^The run is Running already\. Waiting up to (5\d|60) s/)]);
    await run.api.heartbeat(run.id);
    clock.advance(5_000);
    expect(await claimed).toMatchObject({ kind: "left", message: expect.stringContaining("heartbeat was renewed") });
  });

  it("is taken over at once when its heartbeat is old by the API's own clock", async () => {
    const run = await runningRun(skew);
    run.server.setFaults({ rules: [], clockSkew: skew + takeoverAfter + 1_000 });
    const { claimed, log } = await claim(run);
    expect((await claimed).kind).toBe("ours");
    expect(log).toEqual([expect.stringContaining("taking the run over")]);
  });
});

describe("a run that is due by the API's clock", () => {
  it("is due here, where the clock says that it is hours away", async () => {
    const { claimed, clock } = await claim(await dueRun(hour));
    const { info } = (await claimed) as Extract<Claim, { kind: "ours" }>;
    expect(info.state).toMatchObject({ type: "Scheduled", startTime: clock.now() });
  });

  it("and one that is due later is so here, too", async () => {
    const run = await dueRun(hour);
    run.server.setFaults({ rules: [], clockSkew: 0 });
    const { claimed, clock } = await claim(run);
    const { info } = (await claimed) as Extract<Claim, { kind: "ours" }>;
    expect(info.state.startTime).toBeGreaterThan(clock.now());
  });
});
