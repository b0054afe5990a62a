import type { Argument, Command, Option } from "commander";
import { logLevels, outputFormats } from "../../../config/index.ts";
import { stateTypes } from "../../../state/index.ts";
import type { Offer } from "./offer.ts";
import { argumentAt, type Place, placeIn } from "./place.ts";
import type { Asked } from "./typed.ts";

export interface Offers {
  /** What the shell may offer beside these: nothing, names of files, or names of flows' files. */
  readonly more: "words" | "files" | "flows";
  readonly offers: readonly Offer[];
}

/** Everything that fits; the shell is told what begins as the word that is typed. */
export async function offersAt(program: Command, asked: Asked): Promise<Offers> {
  if (asked.redirected) return { more: "files", offers: [] };
  const place = placeIn(program, asked);
  if (place.option !== null) return valuesOf(place.option, place, asked.typed);
  if (place.flags && asked.typed.startsWith("-")) return words(flagsOf(place.command));
  if (place.command === program)
    return words(place.given.length === 0 || place.given[0] === "help" ? commandsOf(program) : []);
  if (place.command.commands.length > 0) return words(place.given.length === 0 ? commandsOf(place.command) : []);
  return argumentsOf(argumentAt(place), place, asked.typed);
}

const words = (offers: readonly Offer[]): Offers => ({ more: "words", offers });
const plain = (names: readonly string[]): Offer[] => names.map((word) => ({ word, about: "" }));

const commandsOf = (command: Command): Offer[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ word: each.name(), about: each.summary() || each.description() }));

const flagsOf = (command: Command): Offer[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ short, long, description: about }) => [long, short].flatMap((word) => (word ? [{ word, about }] : [])));

/** What the values of a flag may be, where they are few. */
const values: Readonly<Record<string, readonly string[]>> = {
  "--log-level": logLevels,
  "--level": logLevels,
  "--format": outputFormats,
  "--state": stateTypes,
  "--create-pool": ["process", "docker", "kubernetes"],
  "--on-too-many": ["wait", "cancel"],
  "--api": ["prefect3", "http://localhost:4200"],
};

async function valuesOf({ long, flags }: Option, place: Place, typed: string): Promise<Offers> {
  const name = long ?? "";
  const behind = (offers: readonly Offer[]) =>
    words(offers.map(({ word, about }) => ({ word: `${place.prefix}${word}`, about })));
  if (name === "--artifact" || name === "--edit") return { more: "flows", offers: [] };
  if (/<(file|folder)>/.test(flags)) return { more: "files", offers: [] };
  if (name === "--profile") return behind(plain(await (await import("./names.ts")).profileNames()));
  const [run] = place.given;
  if (/^--(task|from)$/.test(name) && run !== undefined) {
    return behind(await (await import("./names.ts")).taskNames(run, place, typed));
  }
  return behind(plain(values[name] ?? []));
}

async function argumentsOf(argument: Argument | undefined, place: Place, typed: string): Promise<Offers> {
  const { command } = place;
  const name = argument?.name();
  if (name === "run") return words(await (await import("./names.ts")).runNames(place, typed));
  if (name === "file" && command.name() === "deliver") return { more: "files", offers: [] };
  if (name === "file") return { more: "flows", offers: plain(await (await import("./names.ts")).savedNames()) };
  if (name === "entry") return { more: "flows", offers: [] };
  return words(plain(argument?.argChoices ?? []));
}
