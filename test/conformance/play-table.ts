import pLimit from "p-limit";
import { startApi } from "../../src/testing/index.ts";
import { type ApiClient, clientOf } from "../api/api-client.ts";
import { type History, historyOf } from "./compare/history.ts";
import type { Column } from "./runs/column.ts";
import { openOurs } from "./runs/our-column.ts";
import { openPrefect } from "./runs/prefect-column.ts";
import { play } from "./runs/scenario.ts";
import { runsOf } from "./runs/scenarios.ts";

/** What a runner made of each flow run, by name: the graph's, and `graph, run 2` for its second. */
type Histories = ReadonlyMap<string, History>;

export interface PlayedTable {
  readonly prefect: Histories;
  readonly ours: Histories;
}

/** Plays the whole table on both sides at the same time. */
export async function playTable(venv: string, folder: string): Promise<PlayedTable> {
  const [prefect, ours] = await Promise.all([
    playSide((apiUrl) => openPrefect(venv, apiUrl, `${folder}/prefect`)),
    playSide((apiUrl) => openOurs(apiUrl, `${folder}/ours`)),
  ]);
  return { prefect, ours };
}

/** Each side has an API of its own, so that neither finds what the other has cached under the same key. */
async function playSide(open: (apiUrl: string) => Promise<Column>): Promise<Histories> {
  const api = await startApi({});
  try {
    const column = await open(api.url);
    try {
      return await playAll(column, clientOf(api));
    } finally {
      await column.close();
    }
  } finally {
    await api.close();
  }
}

async function playAll(column: Column, client: ApiClient): Promise<Histories> {
  const histories = new Map<string, History>();
  await pLimit(column.atATime).map(column.flows.keys(), async (graph) => {
    for (const [index, run] of runsOf(graph).entries()) {
      const id = await play(column, client, graph, run);
      histories.set(index === 0 ? graph : `${graph}, run ${index + 1}`, await historyOf(client, id));
    }
  });
  return histories;
}
