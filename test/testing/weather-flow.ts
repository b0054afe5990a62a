import { context, flow, parameter, secret, task, unmapped } from "../../src/index.ts";

export class StationAway extends Error {
  override readonly name = "StationAway";
}

const readings = task(
  "readings",
  ({ station, key }: { station: string; key: unknown }) => {
    context.logger.info(`asking ${station}, attempt ${context.taskRunCount}`);
    if (key !== "a-key-for-stations") throw new Error("no such key");
    if (station === "Oslo" && context.taskRunCount < 3) throw new StationAway(`${station} does not answer`);
    if (station === "Atlantis") throw new StationAway(`${station} has sunk`);
    return [station.length, 10];
  },
  { maxRetries: 2, retryDelay: "1h", timeout: "5m" },
);

const mean = task("mean", ({ rows }: { rows: readonly number[] }) =>
  rows.reduce((sum, row) => sum + row / rows.length, 0),
);

const report = task("report", ({ means }: { means: readonly number[] }) => ({ warmest: Math.max(...means) }));

/** Mapped, with retries an hour apart, a timeout and a secret. */
export const weather = flow("weather", () => {
  const stations = parameter("stations", { default: ["Rome", "Oslo"] });
  const rows = readings.map({ station: stations, key: unmapped(secret("STATION_KEY")) });
  return report({ means: mean.map({ rows }) });
});
