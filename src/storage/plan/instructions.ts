/** `COPY ["a b", "/app/"]`: the form in which a path may hold spaces. */
export const copy = (from: string, to: string): string => `COPY ${JSON.stringify([from, to])}`;

/** `ENV NAME="value"`, so that the value is what was given: spaces, quotes and dollars included. */
export const env = (name: string, value: string): string => `ENV ${name}="${value.replace(/[\\"$]/g, "\\$&")}"`;

/** Where package managers look for the settings of whoever runs them, which hold the keys to private registries. */
const settingsOf: Readonly<Record<string, string>> = { npmrc: "/root/.npmrc", yarnrc: "/root/.yarnrc.yml" };

/** `RUN a && b`; every secret of the build is mounted, and none stays. */
export function run(commands: readonly string[], secrets: readonly string[]): string {
  const mounts = secrets.map((id) => {
    const target = settingsOf[id];
    return `--mount=type=secret,id=${id}${target === undefined ? "" : `,target=${target}`} `;
  });
  return `RUN ${mounts.join("")}${commands.join(" && ")}`;
}

/** A word of a shell's command line. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
