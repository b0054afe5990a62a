import { parseSecret } from "../secret-value.ts";

/** The texts of a secret that have to be masked, each with a name for a warning. */
export interface Leaf {
  readonly name: string;
  readonly text: string;
}

/** What is public in a service account's key: masking it would star out the names of Google's own servers. */
const publicFields = new Set([
  "type",
  "project_id",
  "auth_uri",
  "token_uri",
  "auth_provider_x509_cert_url",
  "client_x509_cert_url",
  "universe_domain",
]);

/** A secret's own text and, where it is an object or a list (also as JSON text), every text and number in it. */
export function leavesOf(name: string, value: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const whole = typeof value === "string" ? value : JSON.stringify(value);
  if (whole !== undefined) leaves.push({ name, text: whole.trim() });
  collect(name, parseSecret(value), leaves, new Set());
  return leaves.filter(
    (leaf, index) => leaf.text !== "" && leaves.findIndex((other) => other.text === leaf.text) === index,
  );
}

function collect(name: string, value: unknown, into: Leaf[], seen: Set<object>): void {
  if (typeof value === "string") into.push({ name, text: value });
  if (typeof value === "number" || typeof value === "bigint") into.push({ name, text: String(value) });
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  const isServiceAccount = Reflect.get(value, "type") === "service_account";
  for (const [key, child] of Object.entries(value)) {
    if (isServiceAccount && publicFields.has(key)) continue;
    collect(`${name}.${key}`, child, into, seen);
  }
}
