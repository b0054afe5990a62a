import { readFile } from "node:fs/promises";
import datasets from "vega-datasets";

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

/** Where the readings come from, for the report: NOAA's of 2012 to 2015, as an npm package carries them. */
export const source = `NOAA daily summaries, by way of vega-datasets ${datasets.version}`;

/** A file of the package. Its own functions would fetch it from the network. */
export function readDataset(file: string): Promise<string> {
  return readFile(new URL(`../data/${file}`, import.meta.resolve("vega-datasets")), "utf8");
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
