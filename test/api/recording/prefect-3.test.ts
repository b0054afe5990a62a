import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordApi, replayApi } from "../../../src/api/index.ts";
import { readRecording } from "../../../src/api/recording/file/read-recording.ts";
import { FlowRunnerError } from "../../../src/errors/index.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { sharedPrefect3 } from "../../prefect-3/shared-server.ts";
import { type Deployed3, saved } from "../../run/prefect3/deployed.ts";

const climate = fileURLToPath(new URL("../../run/prefect3/fixtures/climate.ts", import.meta.url));
const place = { port: 0, host: "127.0.0.1" };

interface Told {
  readonly path: string;
  readonly request: { readonly body: unknown };
}
interface Event {
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
}

/** What was told of each run, in order. That a task run has begun is left out under load. */
async function story(file: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const lines = (await readFile(file, "utf8")).trim().split("\n").slice(1);
  const told = lines.map((line) => JSON.parse(line) as Told);
  const said = told.flatMap(({ path, request: { body } }) => {
    if (path.endsWith("/set_state")) return [[path, (body as { state: { name: string } }).state.name] as const];
    if (path !== "/events") return [];
    return (body as readonly Event[]).map((each) => [each.resource["prefect.resource.id"] ?? "", each.event] as const);
  });
  const passing = ["prefect.task-run.Running", "prefect.flow-run.heartbeat"];
  const byRun = Object.groupBy(
    said.filter(([, what]) => !passing.includes(what)),
    ([run]) => run,
  );
  return Object.fromEntries(Object.entries(byRun).map(([run, all = []]) => [run, all.map(([, what]) => what)]));
}

describeWithPrefect3("a recorded conversation with Prefect 3", () => {
  let deployed: Deployed3;
  let recording: string;
  let missing: string;
  const ids = { climate: "", endless: "", mended: "" };

  /** Executes a run against an address, and cancels it once it waits where `cancel` says how. */
  const execute = async (id: string, url: string, cancel?: () => Promise<unknown>) => {
    let cancelled: Promise<unknown> | undefined;
    const { conclusion, state, message } = await deployed.execute(id, {
      env: { PREFECT_API_URL: url },
      onLog: ({ message: line }) => {
        if (line === "waiting") cancelled ??= cancel?.();
      },
    });
    await cancelled;
    return { conclusion, type: state.type, message: state.message, why: message };
  };

  /** Plays the recording to one of its runs, behind a recorder that keeps what it is told. */
  const replay = async (id: string) => {
    const unmatched: string[] = [];
    const player = await replayApi({ ...place, path: recording, unmatched: (message) => unmatched.push(message) });
    const file = join(deployed.folder, `${crypto.randomUUID()}.jsonl`);
    const proxy = await recordApi({ ...place, path: file, upstream: player.url, env: {}, problem: expect.unreachable });
    const ended = await execute(id, proxy.url);
    await proxy.close();
    await player.close();
    return { ended, told: await story(file), unmatched };
  };

  const recorded: Record<string, Awaited<ReturnType<typeof execute>>> = {};
  let then: Awaited<ReturnType<typeof story>>;

  beforeAll(async () => {
    const real = await sharedPrefect3();
    deployed = await saved(real, climate);
    recording = join(deployed.folder, "runs.jsonl");
    missing = join(deployed.folder, "mended.txt");
    const proxy = await recordApi({ ...place, path: recording, upstream: real, env: {}, problem: expect.unreachable });
    const given = { climate: { count: 4 }, endless: {}, mended: { file: missing } };
    for (const flow of ["climate", "endless", "mended"] as const) {
      const id = await deployed.run(flow, given[flow]);
      ids[flow] = id;
      recorded[flow] = await execute(id, proxy.url, () => deployed.setState(id, { type: "CANCELLING" }));
    }
    await proxy.close();
    then = await story(recording);
  });
  afterAll(() => deployed.close());

  test.each([
    ["climate", "Success"],
    ["endless", "Cancelled"],
    ["mended", "Failed"],
  ] as const)("is played to its run with the server gone, which ends as it did then: %s is %s", async (flow, type) => {
    const { ended, told, unmatched } = await replay(ids[flow]);
    expect(unmatched).toEqual([]);
    expect(ended).toEqual(recorded[flow]);
    expect(ended).toMatchObject({ conclusion: "finished", type });
    expect(Object.keys(told)).toContain(`/flow_runs/${ids[flow]}/set_state`);
    for (const [run, states] of Object.entries(told)) expect([run, states]).toEqual([run, then[run]]);
  });

  test("names the request that it has no answer to where the flow has changed", async () => {
    writeFileSync(missing, "");
    const { ended, unmatched } = await replay(ids.mended);
    rmSync(missing);
    expect(ended.conclusion).not.toBe("finished");
    const message =
      /^The recording holds no answer to POST \/events: prefect\.task-run\.Completed of second-0, (\S+) .*\. The nearest that it holds is POST \/events: prefect\.task-run\.Failed of second-0, \1 \(.*is not there\)$/;
    expect(unmatched[0]).toMatch(message);
    expect(ended.why).toContain(unmatched[0]);
  });

  test("is refused by the line where it is cut off, or is shorter by whole exchanges", async () => {
    const whole = await readFile(recording, "utf8");
    const exchanges = await readRecording(recording);
    const file = join(mkdtempSync(join(tmpdir(), "cut-")), "cut.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        writeFileSync(file, whole.slice(0, length));
        const lines = whole.slice(0, length).split("\n");
        try {
          expect(await readRecording(file)).toEqual(exchanges.slice(0, lines.filter((line) => line !== "").length - 1));
        } catch (error) {
          if (!(error instanceof FlowRunnerError)) throw error;
          expect(error.code).toBe(lines.length === 1 ? "RECORDING_FOREIGN" : "RECORDING_LINE_BROKEN");
          if (lines.length > 1) expect(error.message).toContain(`Line ${lines.length} of the recording ${file}`);
        }
      }),
      { numRuns: 60 },
    );
    rmSync(join(file, ".."), { recursive: true });
  });
});
