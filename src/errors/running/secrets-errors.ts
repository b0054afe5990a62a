import { row } from "../define.ts";

export interface Asked {
  readonly provider: string;
  /** What it said, without any value. */
  readonly said: string;
}

const told = (asked: readonly Asked[]): string => asked.map(({ provider, said }) => `${provider}: ${said}`).join("; ");

/** Errors of finding secrets, and of keeping them where they belong (`src/secrets/`). */
export const secretsErrors = {
  SECRET_NOT_FOUND: row<{ name: string; asked: readonly Asked[] }>(
    "usage",
    ({ name, asked }) =>
      `Secret "${name}" was not found. ${
        asked.length === 0 ? "No provider was asked" : `Asked: ${told(asked)}`
      }. Put it into one of them, for example with: flow-runner secrets set ${name}`,
  ),
  SECRET_UNAVAILABLE: row<{ name: string; provider: string; reason: string; asked: readonly Asked[] }>(
    "failed",
    ({ name, provider, reason, asked }) =>
      `Secret "${name}" could not be fetched: ${provider} failed (${reason})${
        asked.length === 0 ? "" : `; asked before: ${told(asked)}`
      }. Providers behind it were not asked, so that another value cannot take its place.`,
  ),
  SECRET_PROVIDER_UNKNOWN: row<{ provider: string; known: readonly string[] }>(
    "usage",
    ({ provider, known }) => `There is no secret provider "${provider}". Known: ${known.join(", ")}.`,
  ),
  SECRET_NAME_INVALID: row<{ name: string; problem: string }>(
    "usage",
    ({ name, problem }) => `"${name}" cannot name a secret: ${problem}.`,
  ),
  SECRET_IN_VALUE: row<{ path: string; secret: string; what: string }>(
    "flow",
    ({ path, secret, what }) =>
      `The ${what} is not persisted: ${path} holds the secret "${secret}". Leave it out, or pass the secret's name on and fetch it where it is used (\`secret("${secret}")\` as an input).`,
  ),
};
