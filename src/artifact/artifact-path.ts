import { join, resolve } from "node:path";
import { parseAuthorEnvironment } from "../config/index.ts";
import { slugify } from "../graph/index.ts";

/**
 * The file that a path or a flow's name means, absolute. What has a slash or ends in `.prefect` is a path; anything else
 * is the name of a flow in the Prefect folder (`~/.prefect/`, which is `/root/.prefect/` in an image; `PREFECT__HOME_DIR`).
 *
 * Prefect 1.x: `Flow.load` takes an absolute path or a name too.
 *
 * @example
 * ```ts
 * artifactPath("Weather report"); // "/root/.prefect/weather-report.prefect"
 * artifactPath("build/weather.prefect"); // "/work/build/weather.prefect"
 * ```
 */
export function artifactPath(pathOrName: string): string {
  if (/[\\/]|\.prefect$/i.test(pathOrName)) return resolve(pathOrName);
  return join(parseAuthorEnvironment(process.env).prefectFolder, `${slugify(pathOrName)}.prefect`);
}
