import { type ApiAccess, findApiAccess, parseAuthorEnvironment, profilePath } from "../config/index.ts";
import type { ApiFlags } from "./options.ts";

/** Where a command finds the API: flag, environment, profile, default. */
export function accessFor(flags: ApiFlags, env: NodeJS.ProcessEnv): Promise<ApiAccess> {
  const config = parseAuthorEnvironment(env);
  return findApiAccess({ flags, config, file: profilePath(config.prefectFolder), profile: flags.profile ?? null });
}
