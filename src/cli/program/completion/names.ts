import { readdir } from "node:fs/promises";
import type { RunsApi } from "../../../cloud/index.ts";
import { profileNames as namesIn, parseAuthorEnvironment, profilePath } from "../../../config/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import { findRun } from "../../../run/operate/find-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../options/access.ts";
import { apiOptions } from "../../options/shared-options.ts";
import type { Offer } from "./offer.ts";
import type { Place } from "./place.ts";

/** At Tab nobody waits for long (milliseconds). */
const patience = 2_000;
const newest = 50;

/** Runs by name, newest first; once something is typed, by id too. */
export const runNames = (place: Place, typed: string): Promise<Offer[]> =>
  fromApi(place, async (api) => {
    const rows = await api.flowRuns({ limit: newest });
    const offers = rows.map(({ name, flow, state }) => ({ word: name, about: `${flow.name}, ${state ?? "no state"}` }));
    if (typed === "") return offers;
    return [...offers, ...rows.map(({ id, name, flow }) => ({ word: id, about: `${name} of ${flow.name}` }))];
  });

/** Tasks of a run, and once a bracket is typed the children of the mapped ones. */
export const taskNames = (run: string, place: Place, typed: string): Promise<Offer[]> =>
  fromApi(place, async (api) => {
    const rows = await api.taskRuns((await findRun(api, run)).id);
    return rows
      .filter(({ mapIndex }) => mapIndex === null || typed.includes("["))
      .map(({ task, mapIndex, state }) => ({ word: fullName(task.name, mapIndex), about: state.type }));
  });

/** Of the artifacts in `~/.prefect`. */
export async function savedNames(): Promise<string[]> {
  const files = await readdir(parseAuthorEnvironment(process.env).prefectFolder).catch((): string[] => []);
  return files.filter((file) => file.endsWith(".prefect")).map((file) => file.slice(0, -".prefect".length));
}

/** Of `~/.prefect/flow-runner.toml`. */
export const profileNames = (): Promise<string[]> =>
  namesIn(profilePath(parseAuthorEnvironment(process.env).prefectFolder)).catch(() => []);

/** Nothing is told of what goes wrong, since a line that is being typed has no place for it: there are no names then. */
async function fromApi({ values }: Place, ask: (api: RunsApi) => Promise<Offer[]>): Promise<Offer[]> {
  const flag = (name: string) => values.get(`--${name}`);
  try {
    const flags = apiOptions.parse({
      api: flag("api"),
      key: flag("key"),
      tenant: flag("tenant"),
      profile: flag("profile"),
    });
    const access = await accessFor(flags, process.env);
    const found = await withRunsApi(access, ask, AbortSignal.timeout(patience));
    return [...new Map(found.toReversed().map((offer) => [offer.word, offer])).values()].toReversed();
  } catch {
    return [];
  }
}
