import { here, notHere, type SecretProvider } from "./provider.ts";

/** Asks an API for a secret; undefined or null: there is none of that name. */
export type AskApi = (name: string, signal: AbortSignal) => Promise<unknown>;

/** Secrets that the run's API keeps. */
export function apiProvider(ask: AskApi | null): SecretProvider {
  return {
    name: "api",
    find: async (key, signal) => {
      if (ask === null) return notHere("this run has no API");
      const value = await ask(key, signal);
      return value === undefined || value === null ? notHere("it has no secret of this name") : here(value);
    },
  };
}
