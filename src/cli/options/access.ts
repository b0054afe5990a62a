import { type ApiAccess, findApiAccess, parseAuthorEnvironment, profilePath } from "../../config/index.ts";
import { prefect3Access } from "../../run/prefect3/access.ts";
import type { ApiFlags } from "./shared-options.ts";

/** What `--api` says in place of an address: the API of Prefect 3, wherever the environment or a profile has it. */
export const prefect3 = "prefect3";

/** Where a command finds the API: flag, environment, profile, default. The flag may also say that it is Prefect 3's. */
export function accessFor(flags: ApiFlags, env: NodeJS.ProcessEnv): Promise<ApiAccess> {
  if (flags.api === prefect3) return prefect3AccessFor(flags, env);
  const config = parseAuthorEnvironment(env);
  return findApiAccess({ flags, config, file: profilePath(config.prefectFolder), profile: flags.profile ?? null });
}

/** The same for a command that is for Prefect 3 alone. */
export function prefect3AccessFor({ api, key, profile }: ApiFlags, env: NodeJS.ProcessEnv): Promise<ApiAccess> {
  return prefect3Access({ apiUrl: api === prefect3 ? undefined : api, key, profile }, env);
}
