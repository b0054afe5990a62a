import { FlowRunnerError } from "../errors/index.ts";

/** A secret's name, taken apart. */
export interface SecretName {
  /** The provider it names; null: whichever has it first. */
  readonly provider: string | null;
  readonly key: string;
  /** The field of a JSON secret that is meant: `aws:database#password`. */
  readonly field: string | null;
}

/**
 * Takes a name apart: `NAME`, or with a provider `gcp:projects/p/secrets/s`, `aws:database#password`,
 * `file:/run/secrets/x`. A prefix that is no provider belongs to the name.
 *
 * @throws `SECRET_NAME_INVALID`
 */
export function parseSecretName(name: string, providers: readonly string[]): SecretName {
  const invalid = (problem: string): FlowRunnerError => new FlowRunnerError("SECRET_NAME_INVALID", { name, problem });
  if (name.trim() === "") throw invalid("it is empty");
  const colon = name.indexOf(":");
  const provider = name.slice(0, colon);
  if (colon < 0 || !providers.includes(provider)) return { provider: null, key: name, field: null };
  const rest = name.slice(colon + 1);
  const hash = rest.lastIndexOf("#");
  const key = hash < 0 ? rest : rest.slice(0, hash);
  const field = hash < 0 ? null : rest.slice(hash + 1);
  if (key === "") throw invalid(`nothing follows "${provider}:"`);
  if (field === "") throw invalid('nothing follows "#"');
  return { provider, key, field };
}
