import type { FileDelivery } from "../cloud/index.ts";
import type { ApiAccess } from "../config/index.ts";
import { withApi } from "./register/with-api.ts";

/**
 * Tells an API what a run could not tell it, from the file it was kept in; see `deliverFile`.
 *
 * @throws FlowRunnerError `KEPT_FILE_UNREADABLE`, and those of the API
 */
export async function deliver(file: string, access: ApiAccess): Promise<FileDelivery> {
  const { deliverFile } = await import("../cloud/index.ts");
  return withApi(access, (api) => deliverFile(api, file));
}
