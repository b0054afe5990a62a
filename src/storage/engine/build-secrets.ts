import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { FlowRunnerError } from "../../errors/index.ts";
import { createMasker } from "../../secrets/index.ts";
import type { BuildSecret } from "../docker.ts";
import { credentialsIn, withVariables } from "./registry-settings.ts";

/** The secrets of a build, as the docker command takes them. */
export interface OpenedSecrets {
  readonly flags: readonly string[];
  /** What the flags refer to, for the command's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Replaces what is secret in a line that a step wrote: npm shows a line of `.npmrc` that it does not understand. */
  mask(line: string): string;
}

/** Settings of package managers, in which these put `${NAME}` for a variable: it is the one of whoever builds. */
const registrySettings: readonly string[] = ["npmrc", "yarnrc"];

/**
 * Reads the secrets of a build where it is started, so that one that is missing is said in plain words, and so that its
 * value can be kept out of what the build says.
 *
 * @throws FlowRunnerError `IMAGE_FILE_MISSING`, `STORAGE_OPTION_INVALID` for a variable that is not set
 */
export async function openBuildSecrets(
  secrets: Readonly<Record<string, BuildSecret>>,
  variables: NodeJS.ProcessEnv,
): Promise<OpenedSecrets> {
  const masker = createMasker();
  const flags: string[] = [];
  const env: Record<string, string> = {};
  for (const [id, secret] of Object.entries(secrets)) {
    const text = "file" in secret ? await fileText(secret.file) : variableText(id, secret.env, variables);
    const whole = registrySettings.includes(id) ? withVariables(text, variables) : text;
    for (const credential of credentialsIn(whole)) masker.register(id, credential);
    if ("file" in secret && whole === text) flags.push(`--secret=id=${id},src=${resolve(secret.file)}`);
    else {
      const name = `FLOW_RUNNER_BUILD_SECRET_${flags.length}`;
      env[name] = whole;
      flags.push(`--secret=id=${id},env=${name}`);
    }
  }
  return { flags, env, mask: (line) => masker.mask(line) };
}

async function fileText(file: string): Promise<string> {
  const path = resolve(file);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw new FlowRunnerError("IMAGE_FILE_MISSING", { path, option: "buildSecrets" });
  return text;
}

function variableText(id: string, name: string, variables: NodeJS.ProcessEnv): string {
  const text = variables[name];
  if (text !== undefined) return text;
  const problem = `buildSecrets.${id} comes from the environment variable ${name}, which is not set here`;
  throw new FlowRunnerError("STORAGE_OPTION_INVALID", { storage: "Docker", problem });
}
