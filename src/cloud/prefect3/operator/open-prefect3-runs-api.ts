import { systemClock } from "../../../engine/index.ts";
import type { ApiOptions } from "../../port/api-options.ts";
import type { RunsApi } from "../../port/runs-api.ts";
import { openRestClient } from "../open-rest-client.ts";
import { prefect3RunsApi } from "./prefect3-runs-api.ts";

/** See `openRunsApi`. */
export function openPrefect3RunsApi(options: ApiOptions): RunsApi {
  const { client, close } = openRestClient(options);
  const { clock = systemClock, warn = () => undefined } = options;
  return prefect3RunsApi(client, { clock, warn, close });
}
