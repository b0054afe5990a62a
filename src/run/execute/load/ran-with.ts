import { version } from "../../../config/index.ts";

/** What the code of a run was, and with what it ran: in its log, so that whoever looks at it later can compare. */
export interface RanWith {
  /** The artifact's sha256. */
  readonly digest: string;
  /** Of `flow-runner`, `Node` and the packages that the code imports, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What an artifact that was loaded here runs with. */
export const runsWith = (digest: string, packages: Readonly<Record<string, string>>): RanWith => ({
  digest,
  versions: { "flow-runner": version, Node: process.versions.node, ...packages },
});

/** @example `Its code is sha256 9f86…, with flow-runner 0.1.0, Node 26.10.0, pg 8.11.3.` */
export function ranWithText({ digest, versions }: RanWith): string {
  const named = Object.entries(versions).map(([name, each]) => `${name} ${each}`);
  return `Its code is sha256 ${digest}, with ${named.join(", ")}.`;
}

/** The same, read from a line of a run's log; null: it is another line. */
export function ranWithIn(message: string): RanWith | null {
  const [, digest, named] = /^Its code is sha256 ([0-9a-f]{64}), with (.+)\.$/.exec(message) ?? [];
  if (digest === undefined || named === undefined) return null;
  const versions = named.split(", ").map((each) => [each.replace(/ \S+$/, ""), each.replace(/^.* /, "")]);
  return { digest, versions: Object.fromEntries(versions) };
}
