import { readFile } from "node:fs/promises";

/** One day at one station. Temperatures in °C, precipitation in mm, wind in m/s. */
export interface Reading {
  readonly station: string;
  /** `2012-01-31` */
  readonly date: string;
  readonly precipitation: number;
  readonly high: number;
  readonly low: number;
  readonly wind: number;
}

/** The daily readings that the npm package `vega-datasets` carries (NOAA, 2012 to 2015). */
export function readDataset(file: string): Promise<string> {
  const datasets = import.meta.resolve("vega-datasets");
  return readFile(new URL(`../data/${file}`, datasets), "utf8");
}

/** Parses `location,date,precipitation,temp_max,temp_min,wind,weather`; throws for a line that is not of that form. */
export function parseReadings(csv: string): Reading[] {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  if (header !== "location,date,precipitation,temp_max,temp_min,wind,weather") {
    throw new Error(`These are other columns than expected: ${header}`);
  }
  return lines.map((line, index) => {
    const [station = "", date = "", ...numbers] = line.split(",");
    const [precipitation = NaN, high = NaN, low = NaN, wind = NaN] = numbers.slice(0, 4).map(Number);
    if ([precipitation, high, low, wind].some(Number.isNaN)) {
      throw new Error(`Line ${index + 2} is not a reading: ${line}`);
    }
    return { station, date, precipitation, high, low, wind };
  });
}
