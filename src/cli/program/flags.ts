import { type Command, InvalidArgumentError, Option } from "commander";
import { type Kind, kinds } from "../../config/index.ts";

/** For every command that shows a run. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("-q, --quiet", "show nothing but what went wrong")
    .addOption(option("--log-level <level>", `least level that is shown: ${kinds.logLevel.allowed}`, kinds.logLevel))
    .addOption(
      option("--format <format>", "live, plain or json (default: live on a terminal, else json)", kinds.outputFormat),
    )
    .option("--json", "the same as --format json");
}

export const jsonHelp = "as JSON";

/** For every command that talks to an API. */
export function addApiOptions(command: Command): Command {
  return command
    .option(
      "--api <address>",
      "address of the API (else PREFECT__CLOUD__API or PREFECT_API_URL, the profile, http://localhost:4200), or prefect3",
    )
    .option(
      "--key <key>",
      "key for the API; other users can see it in the process list, PREFECT__CLOUD__API_KEY they cannot",
    )
    .option("--tenant <id>", "tenant that the key acts for")
    .option("--profile <name>", "profile of ~/.prefect/flow-runner.toml to take address and key from");
}

/** For commands that give parameters to a run. */
export function addParameterOptions(command: Command): Command {
  return command
    .option(
      "-p, --parameter <name=value>",
      "a parameter; the value is JSON if it parses, else text; repeatable",
      gather,
      [],
    )
    .option("--param-file <file>", "a JSON object of parameters; - is standard input; -p wins over it");
}

export const ignoreHelp = "a gotcha that is not warned of, by the name that stands behind the warning; repeatable";

/** Collects the values of a flag that may be given several times. */
export const gather = (value: string, before: string[] = []): string[] => [...before, value];

/** A flag whose value is of the same kind as an environment variable's. */
export function option<Value>(flags: string, about: string, kind: Kind<Value>): Option {
  return new Option(flags, about).argParser((value) => parseAs(kind, value));
}

/** The same for a flag that may be given several times. */
export const gathered = <Value>(flags: string, about: string, kind: Kind<Value>): Option =>
  new Option(flags, about).argParser((value, before: Value[] = []) => [...before, parseAs(kind, value)]).default([]);

/** @throws InvalidArgumentError, which commander turns into a sentence with the flag's name */
export function parseAs<Value>(kind: Kind<Value>, value: string): Value {
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError(`Allowed: ${kind.allowed}.`);
  return parsed.data;
}
