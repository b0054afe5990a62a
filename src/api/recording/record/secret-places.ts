import { snakeCase } from "../../dialect-0.7/operations.ts";
import type { Exchange } from "../file/exchange.ts";
import { fieldsOf } from "../play/graphql/asked-field.ts";

/** The keys under which a body holds nothing but secrets, in a request and in its answer. */
export interface SecretPlaces {
  readonly request: ReadonlySet<string>;
  readonly response: ReadonlySet<string>;
}

const named =
  /(?:^|_)(?:password|passwd|passphrase|token|api_?key|authorization|cookie|credentials?|client_secret|private_key|access_key|secret_key|connection_string)$|^secret$/;

/** Whether a text under this name is one that nobody else may read: `api_key`, `registryPassword`. */
export const isSecretName = (name: string): boolean =>
  named.test(snakeCase(name.replaceAll("-", "_")).replace(/^_/, "").toLowerCase()) ||
  named.test(name.toLowerCase().replaceAll("-", "_"));

/**
 * Where an API gives a secret away or is given one: GraphQL's `secret_value` and `set_secret`, by whatever alias, and the
 * contents of Prefect 3's blocks.
 */
export function secretPlaces({ path, request }: Exchange): SecretPlaces {
  if (/\/block_/.test(path)) return { request: new Set(["data"]), response: new Set(["data"]) };
  const fields = fieldsOf(request.body);
  const answers = fields.filter(({ name }) => name === "secret_value").map(({ alias }) => alias);
  const sets = fields.some(({ name }) => name === "set_secret");
  return { request: new Set(sets ? ["value"] : []), response: new Set(answers) };
}
