import { context, flow, parameter, task, unmapped } from "flow-runner";
import { drawClimates } from "./chart.ts";
import { parseReadings, type Reading, readDataset } from "./readings.ts";
import { writeReport } from "./report.ts";
import {
  type Climate,
  climateOf,
  type Extremes,
  extremesOf,
  groupByMonth,
  type MonthSummary,
  summarizeMonth,
} from "./statistics.ts";

const download = task(
  "download",
  ({ file }: { file: string }) => {
    // The data lies in a package and is always there. This stands for a server that is not: the first attempt fails.
    if (context.taskRunCount === 1) throw new Error(`${file}: the connection was reset`);
    return readDataset(file);
  },
  { maxRetries: 3, retryDelay: "1s", timeout: "30s" },
);

const parse = task("parse", ({ csv, stations }: { csv: string; stations: readonly string[] }) => {
  const readings = parseReadings(csv).filter(({ station }) => stations.includes(station));
  context.logger.info(`${readings.length} days at ${stations.join(", ")}`);
  return readings;
});

const months = task("months", ({ readings }: { readings: readonly Reading[] }) => groupByMonth(readings));

const summarize = task("summarize", ({ month }: { month: ReturnType<typeof groupByMonth>[number] }) =>
  summarizeMonth(month),
);

const climate = task("climate", ({ station, summaries }: { station: string; summaries: readonly MonthSummary[] }) =>
  climateOf(station, summaries),
);

const extremes = task("extremes", ({ station, readings }: { station: string; readings: readonly Reading[] }) =>
  extremesOf(station, readings),
);

const draw = task("draw", ({ climates }: { climates: readonly Climate[] }) => drawClimates(climates));

const report = task(
  "report",
  async (input: { folder: string; chart: string; climates: readonly Climate[]; extremes: readonly Extremes[] }) => {
    const path = await writeReport(input.folder, input.chart, input.climates, input.extremes);
    context.logger.info(`The report is at ${path}`);
    // Prefect 3 shows it beside the run; elsewhere it is told in the log.
    await context.artifacts.table(
      input.extremes.map(({ station, hottest, coldest }) => ({
        station,
        hottest: hottest.date,
        coldest: coldest.date,
      })),
      { key: "weather-extremes", description: "Days that stand out" },
    );
    return path;
  },
);

/** Four years of weather in two cities: what each month is like, which days stand out, and a picture of both. */
export const weather = flow("weather", () => {
  const stations = parameter("stations", { default: ["Seattle", "New York"] });
  const folder = parameter("folder", { default: "report" });

  const readings = parse({ csv: download({ file: "weather.csv" }), stations });
  const summaries = summarize.map({ month: months({ readings }) });
  const climates = climate.map({ station: stations, summaries: unmapped(summaries) });
  const standing = extremes.map({ station: stations, readings: unmapped(readings) });

  return report({ folder, chart: draw({ climates }), climates, extremes: standing });
});
