import { z } from "zod";
import { castValue } from "../prefect/cast.ts";

/** How the text of a setting becomes a value, and what to tell somebody whose text does not. */
export interface Kind<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** Completes the sentence "Allowed: …". */
  readonly allowed: string;
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;
/** setTimeout's own limit: a longer wait would fire at once. */
const longestMs = 2 ** 31 - 1;

/** Text as it is. */
export const text: Kind<string> = { schema: z.string(), allowed: "any text" };

/** Prefect 1.x: `true` and `false` in any case become booleans; 1 and 0 are taken as well. */
export const flag: Kind<boolean> = {
  schema: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["true", "false", "1", "0"]))
    .transform((value) => value === "true" || value === "1"),
  allowed: "true or false",
};

/** A length of time: seconds, or a number with its unit. Becomes milliseconds. */
export const duration: Kind<number> = {
  schema: z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?\s*(ms|s|m|h|d)?$/)
    .transform((value) => {
      const unit = /[a-z]+$/.exec(value)?.[0] ?? "s";
      return Math.round(Number.parseFloat(value) * unitMs[unit as Unit]);
    })
    .pipe(z.number().max(longestMs)),
  allowed: "seconds (30, 0.5) or a number with a unit (500ms, 30s, 10m, 2h), at most 24 days",
};

/** A length of time between two beats: zero would beat without a pause. */
export const interval: Kind<number> = {
  schema: duration.schema.pipe(z.number().min(1)),
  allowed: `${duration.allowed}, more than 0`,
};

export const count: Kind<number> = {
  schema: z.string().trim().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(1_000_000)),
  allowed: "a whole number from 1 to 1000000",
};

/** How often something is done again. Prefect: false is never. */
export const retries: Kind<number> = {
  schema: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^(false|none|\d+)$/)
    .transform((value) => (/^\d/.test(value) ? Number(value) : 0))
    .pipe(z.int().max(1_000_000)),
  allowed: "a whole number from 0, or false",
};

/** A length of time that may be turned off. Prefect: false, since TOML has no null. */
export const optionalDuration: Kind<number | false> = {
  schema: z.union([
    z
      .string()
      .trim()
      .toLowerCase()
      .pipe(z.enum(["false", "none"]))
      .transform(() => false as const),
    duration.schema,
  ]),
  allowed: `${duration.allowed}, or false`,
};

export const amount: Kind<number> = {
  schema: z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().max(1_000_000)),
  allowed: "a number from 0",
};

export const heartbeatModes = ["process", "thread", "off"] as const;
export type HeartbeatMode = (typeof heartbeatModes)[number];

export const heartbeatMode: Kind<HeartbeatMode> = {
  schema: z.string().trim().toLowerCase().pipe(z.enum(heartbeatModes)),
  allowed: heartbeatModes.join(", "),
};

/** The last three are Prefect 3's. */
export const onStops = ["fail", "crash", "reschedule", "relinquish"] as const;
export type OnStopName = (typeof onStops)[number];

export const onStop: Kind<OnStopName> = {
  schema: z.string().trim().toLowerCase().pipe(z.enum(onStops)),
  allowed: onStops.join(", "),
};

export const apiAddress: Kind<string> = {
  schema: z
    .string()
    .trim()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))
    .transform((value) => value.replace(/\/+$/, "")),
  allowed: "an address that begins with http:// or https://, such as http://localhost:4200",
};

export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export type LogLevelName = (typeof logLevels)[number];
/** Python's other names for its levels. */
const levelAliases: Readonly<Record<string, LogLevelName>> = { NOTSET: "DEBUG", WARN: "WARNING", FATAL: "CRITICAL" };
/** Python's numbers: 10 is DEBUG, 20 INFO, …; one between two levels drops the lower one. */
const levelOfNumber = (number: number): LogLevelName => logLevels[Math.ceil(number / 10) - 1] ?? levelBeyond(number);
const levelBeyond = (number: number): LogLevelName => (number <= 0 ? "DEBUG" : "CRITICAL");

export const logLevel: Kind<LogLevelName> = {
  schema: z
    .string()
    .trim()
    .toUpperCase()
    .transform((value) => (/^\d+$/.test(value) ? levelOfNumber(Number(value)) : (levelAliases[value] ?? value)))
    .pipe(z.enum(logLevels)),
  allowed: `${logLevels.join(", ")}, in any case, or a number as in Python (10 is DEBUG, 50 CRITICAL)`,
};

export const outputFormats = ["auto", "live", "plain", "json"] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const outputFormat: Kind<OutputFormat> = {
  schema: z.string().trim().toLowerCase().pipe(z.enum(outputFormats)),
  allowed: outputFormats.join(", "),
};

export const checkpointRules = ["1.x", "0.7"] as const;
export type CheckpointRuleName = (typeof checkpointRules)[number];

export const checkpointRule: Kind<CheckpointRuleName> = {
  schema: z.string().trim().pipe(z.enum(checkpointRules)),
  allowed: checkpointRules.join(", "),
};

export const dialectChoices = ["auto", "0.7", "1.x", "3"] as const;
export type DialectChoice = (typeof dialectChoices)[number];

export const dialectChoice: Kind<DialectChoice> = {
  schema: z.string().trim().toLowerCase().pipe(z.enum(dialectChoices)),
  allowed: dialectChoices.join(", "),
};

export const port: Kind<number> = {
  schema: z.string().trim().regex(/^\d+$/).transform(Number).pipe(z.int().max(65_535)),
  allowed: "a whole number from 0 to 65535",
};

/** A Python literal or JSON, as Prefect's configuration takes both. */
const literal = z.string().transform(castValue);

export const textList: Kind<readonly string[]> = {
  schema: literal.pipe(z.array(z.string())),
  allowed: 'a list of texts, such as ["gpu", "eu"]',
};

/** Variables of an environment, by name. */
export const variables: Kind<Readonly<Record<string, string>>> = {
  schema: literal.pipe(
    z.record(z.string().regex(/^[^=]+$/), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
  ),
  allowed: 'texts by name, such as {"STATION": "Seattle"}',
};
