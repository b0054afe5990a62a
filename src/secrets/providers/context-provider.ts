import { here, notHere, type SecretProvider } from "./provider.ts";

/** Secrets of the run's context: the variables `PREFECT__CONTEXT__SECRETS__NAME`, by their name's last part. */
export function contextProvider(secrets: Readonly<Record<string, string>>): SecretProvider {
  return {
    name: "context",
    find: async (key) =>
      Object.hasOwn(secrets, key) ? here(secrets[key]) : notHere(`PREFECT__CONTEXT__SECRETS__${key} is not set`),
  };
}
