import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { z } from "zod";
import { startApi } from "../../src/api/index.ts";
import { type Contender, flowRunner, prefect } from "./contenders.ts";
import { type Cost, measure } from "./measure.ts";

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: "boolean", default: false } },
});
const counts = z
  .array(z.coerce.number().int().positive())
  .parse(positionals.length > 0 ? positionals : [1, 1000, 10_000]);

/** Prefect needs seconds where we need milliseconds, and minutes for more tasks than this. */
const prefectLimit = 1000;

const folder = await mkdtemp(join(tmpdir(), "flow-runner-bench-"));
const api = await startApi({ key: "bench", data: join(folder, "api.db") });
const table = new Table({
  head: ["", "mapped", "runs", "wall", "× node", "memory", "requests"],
  colAligns: ["left", ...Array<"right">(6).fill("right")],
  style: { head: [], border: [] },
});

try {
  const bare = await repeat(15, (watchMemory) => measure(process.execPath, ["-e", "0"], process.env, watchMemory));
  table.push(["node -e 0", "", 15, ...shown(bare, bare.wall), ""]);
  const backend = { url: api.url, tenantId: api.tenantId, folder };
  for (const contender of flags.alone ? [flowRunner(backend)] : [flowRunner(backend), prefect(backend)]) {
    if (contender === null) {
      console.log("Prefect 1.4.1 is not there to compare with; scripts/ci-setup installs it.");
      continue;
    }
    const flowId = await contender.register();
    for (const count of counts) {
      const slow = contender.name !== "flow-runner";
      if (slow && count > prefectLimit) continue;
      const times = slow && count > 1 ? 1 : 5;
      const { requests, ...cost } = await repeat(times, (watchMemory) => oneRun(contender, flowId, count, watchMemory));
      table.push([contender.name, count, times, ...shown(cost, bare.wall), requests]);
    }
  }
  console.log(table.toString());
  console.log(
    "Medians; memory is the most that the processes of one more run held together. The API is on this machine too.",
  );
} finally {
  await api.close();
  await rm(folder, { recursive: true });
}

/** Creates a run, executes it, and makes sure that it did what it is measured for. */
async function oneRun(
  contender: Contender,
  flowId: string,
  count: number,
  watchMemory: boolean,
): Promise<Cost & { requests: number }> {
  const created = await ask("mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }", {
    input: { flow_id: flowId, parameters: { count }, idempotency_key: crypto.randomUUID() },
  });
  const { id } = z.object({ create_flow_run: z.object({ id: z.string() }) }).parse(created).create_flow_run;
  const before = api.requests();
  const { wall, memory, code, output } = await contender.execute(id, watchMemory);
  const requests = api.requests() - before;
  const ended = await ask("query($id: uuid!) { flow_run_by_pk(id: $id) { state } }", { id });
  const { state } = z.object({ flow_run_by_pk: z.object({ state: z.string() }) }).parse(ended).flow_run_by_pk;
  if (code !== 0 || state !== "Success") {
    throw new Error(`${contender.name} left a run of ${count} mapped tasks ${state}, exit code ${code}:\n${output}`);
  }
  return { wall, memory, requests };
}

async function ask(query: string, variables: object): Promise<unknown> {
  const response = await fetch(api.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer bench" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = z.object({ data: z.unknown(), errors: z.unknown().optional() }).parse(await response.json());
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** The medians of several runs, one after the other, and the memory of one more. */
async function repeat<Result extends Cost & { requests?: number }>(
  times: number,
  once: (watchMemory: boolean) => Promise<Result>,
): Promise<Cost & { requests: number }> {
  const results: Result[] = [];
  for (let run = 0; run < times; run += 1) results.push(await once(false));
  const { memory } = await once(true);
  return {
    wall: median(results.map(({ wall }) => wall)),
    memory,
    requests: median(results.map(({ requests }) => requests ?? 0)),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function shown({ wall, memory }: Cost, bare: number): string[] {
  const time = wall < 1000 ? `${wall.toFixed(0)} ms` : `${(wall / 1000).toFixed(2)} s`;
  return [time, (wall / bare).toFixed(1), memory === null ? "not read" : `${memory.toFixed(0)} MB`];
}
