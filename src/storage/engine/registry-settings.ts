/**
 * Puts the values of variables in the place of `${NAME}`, as npm, pnpm and yarn do when they read their settings: in the
 * image these variables are not set. yarn knows `${NAME-default}` and `${NAME:-default}` too. What is set nowhere stays.
 */
export function withVariables(text: string, variables: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{(\w+)(?::?-([^}]*))?\}/g, (whole, name: string, otherwise: string | undefined) => {
    return variables[name] || (otherwise ?? variables[name] ?? whole);
  });
}

/** `key=value` of `.npmrc`, `key: value` of YAML. */
const assigned = /^[^=]*?(?:=|:\s)\s*(.*)$/;
/** An address is no secret, unless it has a password in it. */
const isAddress = (text: string): boolean => /^(?:https?:)?\/\//.test(text) && !/:\/\/[^/\s]*@/.test(text);

/**
 * The texts in a secret that must not be shown: all of it, each line, each value that a line assigns, and what looks like
 * a key in a line that assigns none, which is the line that a package manager shows when it does not understand it.
 */
export function credentialsIn(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const values = lines.flatMap((line) => {
    const value = assigned.exec(line)?.[1]?.replace(/^(["'])(.*)\1$/, "$2") ?? "";
    const words = line.split(/[\s=:"',[\]{}]+/).filter((word) => word.length >= 8 && /\d/.test(word));
    return [value, ...words.filter((word) => !/[./]/.test(word))];
  });
  return [secret.trim(), ...lines, ...values].filter((text) => text !== "" && !isAddress(text));
}
