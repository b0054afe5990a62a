/** Whether a command line asks for what a program can read, also where the rest of it is wrong. Behind `--` are arguments. */
export function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const flags = words.slice(0, end === -1 ? words.length : end);
  const isFormat = (word: string, at: number): boolean => word === "--format" && flags[at + 1] === "json";
  return flags.includes("--json") || flags.includes("--format=json") || flags.some(isFormat);
}
