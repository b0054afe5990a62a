import type { Api } from "../../cloud/index.ts";
import type { ApiAccess } from "../../config/index.ts";

/** A person waits for the command: an API that is away this long (milliseconds) is reported, not waited for. */
const patience = 10_000;

/** Opens an API for one command and closes it again. */
export async function withApi<Result>(access: ApiAccess, use: (api: Api) => Promise<Result>): Promise<Result> {
  const { openApi } = await import("../../cloud/index.ts");
  const api = openApi({
    url: access.apiUrl,
    key: access.apiKey,
    tenantId: access.tenantId,
    dialect: access.dialect,
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
