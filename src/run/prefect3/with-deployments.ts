import type { Deployments } from "../../cloud/index.ts";
import type { ApiAccess } from "../../config/index.ts";

/** A person waits for the command: an API that is away this long (milliseconds) is reported, not waited for. */
const patience = 10_000;

/** Opens the API of Prefect 3 for one command and closes it again. */
export async function withDeployments<Result>(
  access: ApiAccess,
  use: (api: Deployments) => Promise<Result>,
): Promise<Result> {
  const { openDeployments } = await import("../../cloud/index.ts");
  const api = openDeployments({
    url: access.apiUrl,
    key: access.apiKey,
    tenantId: access.tenantId,
    authString: access.authString ?? null,
    headers: access.apiHeaders ?? null,
    outageBudget: patience,
  });
  try {
    return await use(api);
  } finally {
    api.close();
  }
}
