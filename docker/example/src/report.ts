import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { source } from "./readings.ts";
import type { Climate, Extremes } from "./statistics.ts";

/** Writes `weather.svg` and `weather.md` into a folder, which is made if it is not there; resolves with the report's path. */
export async function writeReport(
  folder: string,
  chart: string,
  climates: readonly Climate[],
  extremes: readonly Extremes[],
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "weather.svg"), chart);
  const path = resolve(folder, "weather.md");
  await writeFile(path, reportText(climates, extremes));
  return path;
}

export function reportText(climates: readonly Climate[], extremes: readonly Extremes[]): string {
  return `# Weather report

![The year in ${climates.map(({ station }) => station).join(" and ")}](weather.svg)

## Days that stand out

| | ${extremes.map(({ station }) => station).join(" | ")} |
| --- | ${extremes.map(() => "---").join(" | ")} |
${row("Hottest day", extremes, ({ hottest }) => `${hottest.high} °C on ${hottest.date}`)}
${row("Coldest day", extremes, ({ coldest }) => `${coldest.low} °C on ${coldest.date}`)}
${row("Wettest day", extremes, ({ wettest }) => `${wettest.precipitation} mm on ${wettest.date}`)}
${row("Windiest day", extremes, ({ windiest }) => `${windiest.wind} m/s on ${windiest.date}`)}
${row("Longest dry spell", extremes, ({ longestDrySpell: { days, from } }) => `${days} days from ${from}`)}

## The mean year

| | ${climates.map(({ station }) => station).join(" | ")} |
| --- | ${climates.map(() => "---").join(" | ")} |
${row("Rain in a year", climates, ({ months }) => `${Math.round(months.reduce((sum, { rain }) => sum + rain, 0))} mm`)}
${row("Days with rain", climates, ({ months }) => `${Math.round(months.reduce((sum, { wetDays }) => sum + wetDays, 0))}`)}

Data: ${source}.
`;
}

function row<T>(name: string, stations: readonly T[], cell: (station: T) => string): string {
  return `| ${name} | ${stations.map(cell).join(" | ")} |`;
}
