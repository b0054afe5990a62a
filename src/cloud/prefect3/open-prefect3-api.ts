import { systemClock } from "../../engine/index.ts";
import type { Api } from "../port/api.ts";
import type { ApiOptions } from "../port/api-options.ts";
import { openRestClient } from "./open-rest-client.ts";
import { prefect3Api } from "./prefect3-api.ts";

/** See `openApi`. */
export function openPrefect3Api(options: ApiOptions): Api {
  const { client, close } = openRestClient(options);
  const { clock = systemClock, warn = () => undefined } = options;
  return prefect3Api(client, { clock, warn, close });
}
