import { notHonoured, settingLines } from "../../config/index.ts";
import { ExitCode } from "../../errors/index.ts";

/** What each exit code says, here and in the documentation. */
export const exitCodeMeanings: Readonly<Record<keyof typeof ExitCode, string>> = {
  ok: "done; for execute: the API holds the run's final state, whatever that is, or the run was handed back",
  failed: "run: the flow failed; check: a check failed; elsewhere: something that no other code names",
  usage: "a wrong flag, environment variable, parameter, id or other input",
  flow: "the flow cannot be loaded, saved or built",
  api: "the API cannot be reached, or refuses",
  undelivered: "the run is over, but states could not be delivered; they are kept on disk for flow-runner deliver",
};

/** The end of `--help`. */
export const closingHelp = (): string =>
  [
    "",
    "FILE is a saved flow (a path, or the name of one in ~/.prefect) or a TypeScript source.",
    "",
    "Exit codes:",
    ...Object.entries(ExitCode).map(([name, code]) => `  ${code}  ${exitCodeMeanings[name as keyof typeof ExitCode]}`),
    "",
    "Examples:",
    "  flow-runner run weather.ts -p days='[\"2012-01-01\"]'",
    "  flow-runner save weather.ts --output weather.prefect",
    "  flow-runner register weather.prefect --project demo --create-project",
    "  flow-runner create-run weather --project demo",
    "  flow-runner execute          # in the container that an agent started",
    "",
    "Environment variables: flow-runner environment",
  ].join("\n");

/** What `flow-runner environment` prints. */
export function environmentHelp(): string {
  const read = settingLines().map(({ names, fallback, allowed, about }) =>
    [names.join(", "), `    ${about}`, `    Allowed: ${allowed}. Default: ${fallback}.`].join("\n"),
  );
  const ignored = notHonoured.map(({ name, why }) => `${name}\n    ${why}`);
  return [
    "Environment variables. Of several names the first that is set and not empty wins.",
    ...read,
    "Variables of Prefect's that have no effect here:",
    ...ignored,
  ]
    .join("\n\n")
    .concat("\n");
}

/** The same for programs. */
export function environmentJson(): string {
  const ignored = notHonoured.map(({ name, why }) => ({ name, why }));
  return `${JSON.stringify({ settings: settingLines(), notHonoured: ignored }, null, 2)}\n`;
}
