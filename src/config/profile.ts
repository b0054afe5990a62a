import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FlowRunnerError } from "../errors/index.ts";
import { type DialectName, dialectAt } from "./dialect.ts";
import { apiAddress, type DialectChoice, text } from "./settings/value-kinds.ts";

/** Where the API is and who asks. */
export interface ApiAccess {
  readonly apiUrl: string;
  readonly apiKey: string | null;
  readonly tenantId: string | null;
  readonly dialect: DialectName;
  /** Prefect 3: `user:password`, which wins over the key. */
  readonly authString?: string | null;
  /** Prefect 3: with every request. */
  readonly apiHeaders?: Readonly<Record<string, string>> | null;
}

const profileSchema = z.strictObject({
  api: apiAddress.schema.optional(),
  key: text.schema.optional(),
  tenant: text.schema.optional(),
  dialect: z.enum(["0.7", "1.x", "3"]).optional(),
});
const fileSchema = z.strictObject({
  ...profileSchema.shape,
  profile: z.string().optional(),
  profiles: z.record(z.string(), profileSchema).optional(),
});
type Profile = z.infer<typeof profileSchema>;

/** Where `flow-runner api` listens when nothing else was said. */
export const localApi = "http://localhost:4200";

/** What a command knows of the API before it looks at the profile file. */
export interface AccessSources {
  /** From flags; the first that is there wins, field by field: flag, environment, profile, default. */
  readonly flags: {
    readonly api?: string | undefined;
    readonly key?: string | undefined;
    readonly tenant?: string | undefined;
  };
  readonly config: {
    readonly apiUrl: string | null;
    readonly apiKey: string | null;
    readonly tenantId: string | null;
    readonly dialect: DialectChoice;
    readonly apiDialect: DialectName;
    readonly authString?: string | null;
    readonly apiHeaders?: Readonly<Record<string, string>> | null;
  };
  /** The file, usually `profilePath(prefectFolder)`. */
  readonly file: string;
  /** Which `[profiles.NAME]` to use; null: the file's `profile`, else its top level. */
  readonly profile: string | null;
}

/** `~/.prefect/flow-runner.toml`. */
export const profilePath = (prefectFolder: string): string => join(prefectFolder, "flow-runner.toml");

/**
 * Finds the API and the key of a command that a person starts: flags win over the environment, that over the profile
 * file, that over `http://localhost:4200` (Prefect 3: `…/api`) without a key. A key is sent only to the address it was given with: one from
 * the profile is not used for an address from a flag or the environment. A dialect that the environment chooses holds
 * for every address, what it only seems to be for its own.
 *
 * The file is TOML:
 * ```toml
 * api = "http://localhost:4200"      # used when no profile is chosen
 * profile = "staging"                # optional: the profile that is used when none is named
 *
 * [profiles.staging]
 * api = "https://prefect.example.org/graphql"
 * key = "…"
 * tenant = "…"
 * dialect = "1.x"                    # or "0.7", "3"; optional: 0.7 where the address ends in /graphql/alpha
 * ```
 *
 * @throws FlowRunnerError `PROFILE_FILE_INVALID`, `PROFILE_UNKNOWN`, `OPTION_INVALID`
 */
export async function findApiAccess({ flags, config, file, profile }: AccessSources): Promise<ApiAccess> {
  const chosen = await readProfile(file, profile);
  const given = flags.api === undefined ? config.apiUrl : parseFlag("--api", flags.api);
  const stored = given === null || given === chosen.api ? chosen : {};
  const apiUrl = given ?? stored.api ?? (config.dialect === "3" ? `${localApi}/api` : localApi);
  const ofEnvironment = config.dialect !== "auto" || apiUrl === config.apiUrl;
  const dialect = ofEnvironment ? config.apiDialect : (stored.dialect ?? dialectAt(apiUrl));
  return {
    apiUrl,
    dialect,
    apiKey: flags.key ?? config.apiKey ?? stored.key ?? null,
    tenantId: flags.tenant ?? config.tenantId ?? stored.tenant ?? null,
    ...(dialect === "3"
      ? {
          authString: flags.key === undefined ? (config.authString ?? null) : null,
          apiHeaders: config.apiHeaders ?? null,
        }
      : {}),
  };
}

function parseFlag(option: string, value: string): string {
  const parsed = apiAddress.schema.safeParse(value);
  if (!parsed.success) throw new FlowRunnerError("OPTION_INVALID", { option, value, allowed: apiAddress.allowed });
  return parsed.data;
}

/** Names of the profiles in a profile file; a file that is not there has none. */
export async function profileNames(file: string): Promise<string[]> {
  const content = await readText(file);
  return content === null ? [] : Object.keys((await parseFile(file, content)).profiles ?? {});
}

async function readProfile(file: string, wanted: string | null): Promise<Profile> {
  const content = await readText(file);
  if (content === null) {
    if (wanted !== null) throw new FlowRunnerError("PROFILE_UNKNOWN", { profile: wanted, file, known: [] });
    return {};
  }
  const { profiles = {}, profile, ...unnamed } = await parseFile(file, content);
  const name = wanted ?? profile;
  if (name === undefined) return unnamed;
  const found = Object.entries(profiles).find(([key]) => key === name)?.[1];
  if (found !== undefined) return found;
  throw new FlowRunnerError("PROFILE_UNKNOWN", { profile: name, file, known: Object.keys(profiles) });
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new FlowRunnerError("PROFILE_FILE_INVALID", { file, reason: (error as Error).message });
  }
}

/** The reasons name fields and lines, never a value: the file holds keys. */
async function parseFile(file: string, content: string): Promise<z.infer<typeof fileSchema>> {
  const { parse, TomlError } = await import("smol-toml");
  let data: unknown;
  try {
    data = parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = `line ${error.line}, column ${error.column} is not TOML`;
    throw new FlowRunnerError("PROFILE_FILE_INVALID", { file, reason });
  }
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new FlowRunnerError("PROFILE_FILE_INVALID", { file, reason: reason.join("; ") });
}
