/** Parts of names under which secrets go. */
const names =
  /(^|_)(SECRETS?|TOKENS?|PASSWORDS?|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|PRIVATE|AUTH|API_?KEY|ACCESS_?KEY|KEY|DSN)(_|$)/i;

/** Shapes of values that are secrets whatever they are called, and what they are. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key"],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}/, "a GitHub token"],
  [/\bxox[abprs]-[\w-]{10,}/, "a Slack token"],
  [/\bnpm_[A-Za-z0-9]{30,}/, "an npm token"],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/, "a JSON web token"],
  [/:\/\/[^/\s:@]+:[^/\s@]+@/, "an address with a password in it"],
  [/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_=-]{32,}$/, "a long random text"],
];

/** Why a variable looks like a secret; null: it does not. The value is never told. */
function suspicion(name: string, value: string): string | null {
  if (value === "") return null;
  const shape = shapes.find(([pattern]) => pattern.test(value));
  if (shape !== undefined) return `its value looks like ${shape[1]}`;
  return names.test(name) ? "by its name" : null;
}

/** The variables of an image that look like secrets, each with the reason, and never with its value. */
export function sensitiveVariables(envVars: Readonly<Record<string, string>>): { name: string; reason: string }[] {
  return Object.entries(envVars)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => {
      const reason = suspicion(name, value);
      return reason === null ? [] : [{ name, reason }];
    });
}
