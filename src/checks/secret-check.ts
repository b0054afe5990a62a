import type { FlowGraph } from "../graph/index.ts";
import type { Finding } from "./finding.ts";

/**
 * Names the secrets that a flow needs: those that are inputs of its tasks, and the credentials of its result handlers.
 * Whether they are there is known only where it runs, so that nothing is an error here.
 */
export function checkSecrets({ name, tasks, resultHandler }: FlowGraph): Finding {
  const inputs = tasks
    .filter(({ kind }) => kind === "secret")
    .map((task) => secretName(task.resultHandler) ?? task.name);
  const handlers = [resultHandler, ...tasks.map((task) => task.resultHandler)];
  const credentials = handlers.flatMap((handler) => credentialSecrets(handler ?? {}));
  const said = [
    ...listed("inputs of its tasks", inputs),
    ...listed("credentials of its result handlers, where the place has none of its own", credentials),
  ];
  const message =
    said.length === 0
      ? "No task has a secret as its input, and no result handler takes one."
      : `Needs secrets where it runs: ${said.join("; ")}.`;
  return { check: "secrets", level: "ok", flow: name, message };
}

const secretName = (handler: Readonly<Record<string, unknown>> | null): string | null =>
  typeof handler?.name === "string" ? handler.name : null;

/** By the name of the option: `aws_credentials_secret`, `connection_string_secret`. */
const credentialSecrets = (handler: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(handler).flatMap(([option, value]) =>
    option.endsWith("_secret") && typeof value === "string" ? [value] : [],
  );

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${[...new Set(names)].join(", ")} (${what})`];
}
