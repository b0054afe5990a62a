import { FlowRunnerError } from "../errors/index.ts";

/** The providers that are asked for a name that names none, when the deployment does not say which. */
export const defaultOrder: readonly string[] = ["context", "file", "api"];

/**
 * Reads an order of providers: `context,file,gcp`.
 *
 * @throws `SECRET_PROVIDER_UNKNOWN`
 */
export function parseProviderOrder(text: string, known: readonly string[]): string[] {
  const order = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  for (const provider of order) {
    if (!known.includes(provider)) throw new FlowRunnerError("SECRET_PROVIDER_UNKNOWN", { provider, known });
  }
  return [...new Set(order)];
}
