import { type ApiAccess, findApiAccess, parseAuthorEnvironment, profilePath } from "../../config/index.ts";

/** Where the API of Prefect 3 is: what is left out comes from the environment, the profile file, or is on this machine. */
export function prefect3Access(
  given: {
    readonly apiUrl?: string | undefined;
    readonly key?: string | undefined;
    readonly profile?: string | undefined;
  },
  env: NodeJS.ProcessEnv,
): Promise<ApiAccess> {
  const config = parseAuthorEnvironment({ ...env, FLOW_RUNNER__DIALECT: "3" });
  const flags = { api: given.apiUrl, key: given.key };
  return findApiAccess({ flags, config, file: profilePath(config.prefectFolder), profile: given.profile ?? null });
}
