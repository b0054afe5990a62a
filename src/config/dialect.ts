import type { Configuration } from "./prefect/configuration.ts";
import type { DialectChoice } from "./settings/value-kinds.ts";

/** Which version of Prefect's wire an API speaks. */
export type DialectName = Exclude<DialectChoice, "auto">;
/** Those whose wire is GraphQL. */
export type GraphqlDialectName = Exclude<DialectName, "3">;

/** Prefect 0.7: the GraphQL endpoint below the address of the API. */
export const endpoint07 = "/graphql/alpha";

/** What agents of 1.x set, and those of 0.7 do not. */
const of1x: readonly string[] = [
  "PREFECT__BACKEND",
  "PREFECT__CLOUD__API_KEY",
  "PREFECT__CLOUD__TENANT_ID",
  "PREFECT__CONTEXT__FLOW_ID",
];
const tokens: readonly string[] = ["PREFECT__CLOUD__AUTH_TOKEN", "PREFECT__CLOUD__AGENT__AUTH_TOKEN"];
const address3 = "PREFECT_API_URL";
const addresses: readonly string[] = ["PREFECT__CLOUD__API", "PREFECT__CLOUD__GRAPHQL"];

/**
 * The dialect of the API that an environment names: as chosen, else by what the agents of each version set. A token
 * alone (0.7 to 0.9), or an address that ends in `/graphql/alpha`, is 0.7; a key, a tenant, a backend or the flow's id is
 * 1.x, and so is an environment that says nothing. `PREFECT_API_URL` is Prefect 3's, and counts where no address of the
 * other two is there.
 */
export function dialectOf(chosen: DialectChoice, configuration: Configuration): DialectName {
  if (chosen !== "auto") return chosen;
  const find = (name: string): string | undefined => [...configuration.find([name])][0]?.text;
  if (of1x.some((name) => find(name) !== undefined)) return "1.x";
  if (tokens.some((name) => find(name) !== undefined)) return "0.7";
  const named = addresses.flatMap((name) => find(name) ?? []);
  if (named.length === 0 && find(address3) !== undefined) return "3";
  return named.map(dialectAt).includes("0.7") ? "0.7" : "1.x";
}

/** By the address alone. Prefect 3's ends in `/api`; that of a workspace of its Cloud has more behind. */
export function dialectAt(address: string): DialectName {
  const path = address.replace(/\/+$/, "");
  if (path.endsWith(endpoint07)) return "0.7";
  return /\/api(\/accounts\/[^/]+\/workspaces\/[^/]+)?$/.test(path) ? "3" : "1.x";
}
