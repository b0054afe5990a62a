import type { Reading } from "./readings.ts";

/** All readings of one month of one year at one station. */
export interface StationMonth {
  readonly station: string;
  /** `2012-01` */
  readonly month: string;
  readonly readings: readonly Reading[];
}

/** What a month was like. Means are over its days; rain is the sum of the month, in mm. */
export interface MonthSummary {
  readonly station: string;
  readonly month: string;
  readonly meanHigh: number;
  readonly meanLow: number;
  readonly rain: number;
  readonly wetDays: number;
}

/** A station's year: for each of the twelve months the mean over all years. */
export interface Climate {
  readonly station: string;
  readonly months: readonly Omit<MonthSummary, "station" | "month">[];
}

/** The days that stand out at a station. */
export interface Extremes {
  readonly station: string;
  readonly hottest: Reading;
  readonly coldest: Reading;
  readonly wettest: Reading;
  readonly windiest: Reading;
  /** The longest run of days without measurable rain. */
  readonly longestDrySpell: { readonly from: string; readonly days: number };
}

const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export function groupByMonth(readings: readonly Reading[]): StationMonth[] {
  const groups = Map.groupBy(readings, ({ station, date }) => `${station}/${date.slice(0, 7)}`);
  return [...groups].map(([key, days]) => {
    const [station = "", month = ""] = key.split("/");
    return { station, month, readings: days };
  });
}

export function summarizeMonth({ station, month, readings }: StationMonth): MonthSummary {
  return {
    station,
    month,
    meanHigh: mean(readings.map(({ high }) => high)),
    meanLow: mean(readings.map(({ low }) => low)),
    rain: sum(readings.map(({ precipitation }) => precipitation)),
    wetDays: readings.filter(({ precipitation }) => precipitation > 0).length,
  };
}

export function climateOf(station: string, summaries: readonly MonthSummary[]): Climate {
  const own = summaries.filter((summary) => summary.station === station);
  const months = Array.from({ length: 12 }, (_, index) => {
    const years = own.filter(({ month }) => Number(month.slice(5)) === index + 1);
    return {
      meanHigh: mean(years.map(({ meanHigh }) => meanHigh)),
      meanLow: mean(years.map(({ meanLow }) => meanLow)),
      rain: mean(years.map(({ rain }) => rain)),
      wetDays: mean(years.map(({ wetDays }) => wetDays)),
    };
  });
  return { station, months };
}

export function extremesOf(station: string, readings: readonly Reading[]): Extremes {
  const [first, ...rest] = readings.filter((reading) => reading.station === station);
  if (first === undefined) throw new Error(`There are no readings of ${station}.`);
  const most = (measure: (reading: Reading) => number): Reading =>
    rest.reduce((best, reading) => (measure(reading) > measure(best) ? reading : best), first);
  return {
    station,
    hottest: most(({ high }) => high),
    coldest: most(({ low }) => -low),
    wettest: most(({ precipitation }) => precipitation),
    windiest: most(({ wind }) => wind),
    longestDrySpell: longestDrySpell([first, ...rest]),
  };
}

function longestDrySpell(readings: readonly Reading[]): Extremes["longestDrySpell"] {
  let longest = { from: "", days: 0 };
  let current = longest;
  for (const { date, precipitation } of readings) {
    if (precipitation > 0) current = { from: "", days: 0 };
    else current = { from: current.from || date, days: current.days + 1 };
    if (current.days > longest.days) longest = current;
  }
  return longest;
}
