import type { Masker } from "../../../secrets/index.ts";
import type { Exchange } from "../file/exchange.ts";
import { isSecretName, secretPlaces } from "./secret-places.ts";

const hidden = "***";
/** Stands in for an address where only a path and its query are at hand. */
const anywhere = "http://api";

/** The values that an exchange shows to be secrets by where they are. */
export function secretsIn(exchange: Exchange): unknown[] {
  const found: unknown[] = [];
  const places = secretPlaces(exchange);
  collect(exchange.request.body, places.request, found);
  collect(exchange.response.body, places.response, found);
  for (const [name, value] of new URL(exchange.path, anywhere).searchParams) if (isSecretName(name)) found.push(value);
  return found;
}

/** The exchange with `***` in the place of what is a secret by where it is, and of all that the masker knows. */
export function withoutSecrets(exchange: Exchange, masker: Masker): Exchange {
  const { method, path, request, response } = exchange;
  const places = secretPlaces(exchange);
  return {
    method,
    path: masker.mask(withoutSecretQuery(path)),
    request: { ...request, body: hide(request.body, places.request, masker) },
    response: { ...response, body: hide(response.body, places.response, masker) },
  };
}

function withoutSecretQuery(path: string): string {
  const { pathname, searchParams } = new URL(path, anywhere);
  const secret = [...searchParams.keys()].filter(isSecretName);
  if (secret.length === 0) return path;
  for (const name of secret) searchParams.set(name, hidden);
  return `${pathname}?${searchParams}`;
}

function collect(value: unknown, places: ReadonlySet<string>, into: unknown[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (isSecret(key, child, places)) into.push(child);
    else collect(child, places, into);
  }
}

/** Value by value, since a number that is a secret must not leave broken JSON behind. */
function hide(value: unknown, places: ReadonlySet<string>, masker: Masker): unknown {
  if (typeof value === "string") return masker.mask(value);
  if (typeof value === "number") return masker.mask(String(value)) === String(value) ? value : hidden;
  if (Array.isArray(value)) return value.map((item) => hide(item, places, masker));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [
    masker.mask(key),
    isSecret(key, child, places) ? hidden : hide(child, places, masker),
  ]);
  return Object.fromEntries(entries);
}

/** Under a name alone only texts are secrets: a storage's `secrets` is a list of names. */
const isSecret = (key: string, value: unknown, places: ReadonlySet<string>): boolean =>
  value !== null && (places.has(key) || (typeof value === "string" && isSecretName(key)));
