import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { z } from "zod";
import type { Arena, Contender } from "./arena.ts";
import { embedded } from "./embedded/arena.ts";
import { type Cost, measure } from "./measure.ts";
import { realPrefect3 } from "./prefect-3/arena.ts";

const apis = { embedded, "prefect-3": realPrefect3 };

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: { alone: { type: "boolean", default: false }, api: { type: "string" } },
});
const askedCounts = z.array(z.coerce.number().int().positive()).parse(positionals);
const askedApi = z.enum(["embedded", "prefect-3"]).optional().parse(flags.api);

/** Prefect needs seconds where we need milliseconds, and minutes for more tasks than this. */
const prefectLimit = 1000;

const folder = await mkdtemp(join(tmpdir(), "flow-runner-bench-"));
const table = new Table({
  head: ["", "mapped", "runs", "wall", "× node", "memory", "requests"],
  colAligns: ["left", ...Array<"right">(6).fill("right")],
  style: { head: [], border: [] },
});

try {
  const bare = await repeat(15, (watchMemory) => measure(process.execPath, ["-e", "0"], process.env, watchMemory));
  table.push(["node -e 0", "", 15, ...shown(bare, bare.wall), ""]);
  for (const [name, open] of Object.entries(apis)) {
    if (askedApi !== undefined && askedApi !== name) continue;
    const own = join(folder, name);
    await mkdir(own);
    const arena = await open({ folder: own, alone: flags.alone });
    if (arena === null) continue;
    try {
      await compare(arena, bare.wall);
    } finally {
      await arena.close();
    }
  }
  console.log(table.toString());
  console.log(
    "Medians; memory is the most that the processes of one more run held together. The API is on this machine too.",
  );
} finally {
  await rm(folder, { recursive: true });
}

async function compare(arena: Arena, bareWall: number): Promise<void> {
  for (const [index, contender] of arena.contenders.entries()) {
    const flowId = await contender.register();
    for (const count of askedCounts.length > 0 ? askedCounts : arena.counts) {
      const slow = index > 0;
      if (slow && count > prefectLimit) continue;
      const times = slow && count > 1 ? 1 : 5;
      const once = (watchMemory: boolean) => oneRun(arena, contender, flowId, count, watchMemory);
      const { requests, ...cost } = await repeat(times, once);
      table.push([contender.name, count, times, ...shown(cost, bareWall), requests]);
    }
  }
}

/** Creates a run, executes it, and makes sure that it did what it is measured for. */
async function oneRun(
  arena: Arena,
  contender: Contender,
  flowId: string,
  count: number,
  watchMemory: boolean,
): Promise<Cost & { requests: number }> {
  const id = await arena.createRun(flowId, count);
  const before = arena.requests();
  const { wall, memory, code, output } = await contender.execute(id, watchMemory);
  const requests = arena.requests() - before;
  const problem = await arena.problemWith(id, count);
  if (code !== 0 || problem !== null) {
    throw new Error(`${contender.name} left a run of ${count} mapped tasks ${problem}, exit code ${code}:\n${output}`);
  }
  return { wall, memory, requests };
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
