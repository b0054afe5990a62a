import type { Api, Deployments, RunsApi } from "../../cloud/index.ts";
import type { ApiAccess } from "../../config/index.ts";

/** A person waits for the command: an API that is away this long (milliseconds) is reported, not waited for. */
const patience = 10_000;

/**
 * One that is there and slow is waited for, milliseconds, as Prefect 3's own client waits: a server over SQLite may hold
 * a request back for most of a minute while others write.
 */
const requestTimeout = 60_000;

/** Opens an API for one command and closes it again. */
export async function withApi<Result>(access: ApiAccess, use: (api: Api) => Promise<Result>): Promise<Result> {
  const { openApi } = await import("../../cloud/index.ts");
  return closing(await openApi(optionsFor(access)), use);
}

/**
 * The same, for a command that looks at runs.
 *
 * @param deadline - nothing is waited for once it aborts
 */
export async function withRunsApi<Result>(
  access: ApiAccess,
  use: (api: RunsApi) => Promise<Result>,
  deadline?: AbortSignal,
): Promise<Result> {
  const { openRunsApi } = await import("../../cloud/index.ts");
  return closing(await openRunsApi({ ...optionsFor(access), deadline }), use);
}

/** The same, for what is deployed to an API of Prefect 3. */
export async function withDeployments<Result>(
  access: ApiAccess,
  use: (api: Deployments) => Promise<Result>,
): Promise<Result> {
  const { openDeployments } = await import("../../cloud/prefect3/index.ts");
  return closing(openDeployments(optionsFor(access)), use);
}

const optionsFor = (access: ApiAccess) => ({
  url: access.apiUrl,
  key: access.apiKey,
  tenantId: access.tenantId,
  dialect: access.dialect,
  authString: access.authString ?? null,
  headers: access.apiHeaders ?? null,
  outageBudget: patience,
  requestTimeout,
});

async function closing<Opened extends { close(): void }, Result>(
  api: Opened,
  use: (api: Opened) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(api);
  } finally {
    api.close();
  }
}
