/** `COPY ["a b", "/app/"]`: the form in which a path may hold spaces. */
export const copy = (from: string, to: string): string => `COPY ${JSON.stringify([from, to])}`;

/** `ENV NAME="value"`, so that the value is what was given: spaces, quotes and dollars included. */
export const env = (name: string, value: string): string => `ENV ${name}="${value.replace(/[\\"$]/g, "\\$&")}"`;

/** `RUN a && b`; every secret of the build is mounted, and none stays. */
export function run(commands: readonly string[], secrets: readonly string[]): string {
  const mounts = secrets.map((id) => `--mount=type=secret,id=${id}${id === "npmrc" ? ",target=/root/.npmrc" : ""} `);
  return `RUN ${mounts.join("")}${commands.join(" && ")}`;
}

/** A word of a shell's command line. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
