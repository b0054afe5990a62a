/**
 * Cron as Prefect 1.x reads it, with croniter: five fields, then perhaps seconds and a year; names; `?`, `L`, `W`, `#`;
 * ranges that go round (`FRI-MON`). The library that finds the times has the seconds first, knows no ranges that go
 * round and writes the last Friday the other way; so every field is spelled out for it.
 */

interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const months = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const day: Field = { name: "day", low: 1, high: 31 };
const weekday: Field = { name: "weekday", low: 0, high: 6, names: weekdays };
const fields: readonly Field[] = [
  { name: "minute", low: 0, high: 59 },
  { name: "hour", low: 0, high: 23 },
  day,
  { name: "month", low: 1, high: 12, names: months },
  weekday,
  { name: "second", low: 0, high: 59 },
  { name: "year", low: 1970, high: 2099 },
];

const nicknames: ReadonlyMap<string, string> = new Map([
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
]);

/** A pattern for croner, or the sentence about what is wrong with the cron text. */
export type CronPattern = { readonly pattern: string } | { readonly problem: string };

class Problem extends Error {}

/**
 * Reads a cron text.
 *
 * @example readCron("0 9 * * fri-mon") // { pattern: "0 0 9 * * 0,1,5,6 *" }
 */
export function readCron(cron: string): CronPattern {
  const text = nicknames.get(cron.trim().toLowerCase()) ?? cron.toLowerCase();
  const parts = text.split(/\s+/).filter((part) => part !== "");
  if (parts.length < 5 || parts.length > 7) {
    return { problem: `it has ${parts.length} fields, not 5 (minute hour day month weekday), 6 or 7 (… second year)` };
  }
  try {
    const [minute, hour, dayOfMonth, month, dayOfWeek, second = "0", year = "*"] = fields.map((field, at) => {
      const part = parts[at];
      return part === undefined ? undefined : spelled(field, part, parts);
    });
    return { pattern: [second, minute, hour, dayOfMonth, month, dayOfWeek, year].join(" ") };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

/** A field as a star or a list of all its values. */
function spelled(field: Field, part: string, parts: readonly string[]): string {
  if (part === "*" || (part === "?" && (field === day || field === weekday))) return "*";
  const items = part.split(",");
  const nearest = field === day ? /^(?:(\d+)w|w(\d+))$/.exec(part) : null;
  if (nearest !== null) return `${oneOf(day, String(nearest[1] ?? nearest[2]))}W`;

  const special = items.flatMap((item) => specialItems(field, item));
  const plain = items.filter((item) => specialItems(field, item).length === 0);
  // croniter refuses the mixture too.
  if (field === weekday && special.length > 0 && plain.length > 0) {
    throw new Problem(`weekday "${part}": plain days and days like 5#2 or L5 cannot be mixed`);
  }
  const values = [...new Set(plain.flatMap((item) => valuesOf(field, item)))].sort((a, b) => a - b);
  return isWhole(field, values, parts) ? "*" : [...values, ...special].join(",");
}

/** `L`: the month's last day; `5#2`: the second Friday; `L5`: the last Friday. */
function specialItems(field: Field, item: string): string[] {
  if (field === day) return item === "l" ? ["L"] : [];
  if (field !== weekday) return [];
  const last = /^l(\d)$/.exec(item)?.[1];
  if (last !== undefined) return [`${oneOf(weekday, last)}#L`];
  const [, days, nth] = /^(.+)#(\d+)$/.exec(item) ?? [];
  if (days === undefined || nth === undefined) return [];
  if (Number(nth) < 1 || Number(nth) > 5) throw new Problem(`weekday "${item}": a month has 1 to 5 of them`);
  return valuesOf(weekday, days).map((value) => `${value}#${nth}`);
}

/** `*`, `3`, `jan`, `1-5`, `fri-mon`, each perhaps with a step. */
function valuesOf(field: Field, item: string): number[] {
  const [, base = "", stepText] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
  const step = Number(stepText ?? 1);
  if (base === "" || step === 0) throw new Problem(`${field.name} "${item}" is not understood`);
  if (base === "*") return range(field.low, field.high, step);
  const [from = "", to, ...more] = base.split("-");
  if (more.length > 0) throw new Problem(`${field.name} "${item}" is not understood`);
  const first = oneOf(field, from);
  if (to === undefined) return stepText === undefined ? [first] : range(first, field.high, step);
  const last = field === day && to === "l" ? 31 : oneOf(field, to);
  // Prefect 1.x, by croniter: JAN-JAN is the whole year.
  if (first === last) return range(field.low, field.high, step);
  return first < last ? range(first, last, step) : around(field, first, last, step);
}

const range = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);

/** A range over the end of the field. Prefect 1.x, by croniter: steps go on one late there, `22-4/3` is 22, 2. */
function around({ low, high }: Field, first: number, last: number, step: number): number[] {
  const before = range(first, high, step);
  const left = high - (before.at(-1) ?? first);
  return [...before, ...range(low + (step > left + 1 ? step - left : 0), last, step)];
}

function oneOf({ name, low, high, names }: Field, text: string): number {
  const named = names?.indexOf(text) ?? -1;
  const value = named >= 0 && text !== "" ? named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new Problem(`${name} "${text}" is not understood`);
  if (name === "weekday" && value === 7) return 0;
  if (value < low || value > high) throw new Problem(`${name} ${value} is not between ${low} and ${high}`);
  return value;
}

/**
 * Every value, so a star. For day and weekday that matters, since a star leaves the choice to the other of the two; by
 * croniter's rule it is one only where the other has a star in it.
 */
function isWhole(field: Field, values: readonly number[], parts: readonly string[]): boolean {
  if (values.length !== field.high - field.low + 1) return false;
  if (field === day) return parts[4]?.includes("*") === true;
  return field !== weekday || parts[2]?.includes("*") === true;
}
