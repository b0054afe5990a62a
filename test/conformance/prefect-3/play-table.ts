import pLimit from "p-limit";
import { vi } from "vitest";
import type { Story } from "../compare/compare.ts";
import { type Column3, play3 } from "./column.ts";
import { openOurs3 } from "./our-column.ts";
import { outcomesOf } from "./outcomes.ts";
import { openPython3 } from "./python-column.ts";
import { recorded } from "./recorded.ts";
import { runsOf3 } from "./runs.ts";

/** How each flow run ended, by its name. */
export interface PlayedTable3 {
  readonly prefect: ReadonlyMap<string, Story>;
  readonly ours: ReadonlyMap<string, Story>;
}

/** Plays the table on both sides at the same time, on one server, and reads how everything ended. */
export async function playTable3(url: string, folder: string): Promise<PlayedTable3> {
  const { graphs, themes, column: python } = await openPython3(url, `${folder}/prefect`);
  const own = await openOurs3(url, `${folder}/ours`, themes);
  const [prefect, ours] = await Promise.all([playAll(url, python, graphs), playAll(url, own, graphs)]);
  // What Python sends last over its connection is recorded last.
  const last = new Map([["last", await play3(url, python, { name: "last", graph: "one task" })]]);
  await Promise.all([python.close(), own.close()]);
  await vi.waitFor(
    async () => {
      const lines = (await outcomesOf(url, last)).get("last")?.get("one[0]");
      if (lines?.[0]?.startsWith("COMPLETED") !== true) throw new Error("The server has not recorded everything yet.");
    },
    { timeout: 120_000, interval: 100 },
  );
  return { prefect: await outcomesOf(url, prefect), ours: await outcomesOf(url, ours) };
}

/** Ids of flow runs by their names, in the order of the table. */
async function playAll(url: string, column: Column3, graphs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const played = await pLimit(column.atATime).map(graphs, async (graph) => {
    const ids: [string, string][] = [];
    // What one of them has cached, the next one finds.
    for (const run of runsOf3(graph)) {
      const [, before = ""] = ids.at(-1) ?? [];
      if (run.findsResults === true) await recorded(url, before);
      ids.push([run.name, await play3(url, column, run)]);
    }
    return ids;
  });
  return new Map(played.flat());
}
