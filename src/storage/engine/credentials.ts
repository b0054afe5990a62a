import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

/** Who asks a registry; as the engine takes it. */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

const configSchema = z.looseObject({
  auths: z
    .record(z.string(), z.looseObject({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** Docker Hub has a name of its own in the configuration. */
const hub = "https://index.docker.io/v1/";

/** The registry that an image's name means: its first part when that has a dot or a port, or is `localhost`. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (first === "localhost" || /[.:]/.test(first)) ? first : "docker.io";
}

/**
 * Finds the credentials for a registry where `docker login` puts them: in a helper for this registry, the general store,
 * or the configuration file itself (`DOCKER_CONFIG`, else `~/.docker`). Null: there are none.
 *
 * @throws FlowRunnerError `CREDENTIALS_UNREADABLE`
 */
export async function findCredentials(registry: string, env: NodeJS.ProcessEnv): Promise<Credentials | null> {
  const file = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker"), "config.json");
  const content = await readFile(file, "utf8").catch(() => null);
  if (content === null) return null;
  const config = parseConfig(file, content);
  const server = registry === "docker.io" ? hub : registry;
  const helper = config.credHelpers[server] ?? config.credsStore;
  if (helper !== undefined) return askHelper(helper, server, env);
  const entry = config.auths[server] ?? config.auths[`https://${server}`] ?? config.auths[`http://${server}`];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken, serveraddress: server };
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(entry?.auth ?? "", "base64").toString()) ?? [];
  return username === undefined || password === undefined ? null : { username, password, serveraddress: server };
}

function parseConfig(file: string, content: string): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(content));
  } catch {
    // The parser's own words may quote a password.
    throw new FlowRunnerError("CREDENTIALS_UNREADABLE", { source: file, reason: "it is not a valid configuration" });
  }
}

/** The protocol of Docker's credential helpers: the server on standard input, an answer in JSON. */
async function askHelper(helper: string, server: string, env: NodeJS.ProcessEnv): Promise<Credentials | null> {
  const program = `docker-credential-${helper}`;
  const unreadable = (reason: string) => new FlowRunnerError("CREDENTIALS_UNREADABLE", { source: program, reason });
  const child = spawn(program, ["get"], { env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  child.stdin.on("error", () => {});
  child.stdin.end(server);
  const [out, exitCode] = await Promise.all([text(child.stdout), ended]).catch((error: unknown) => {
    throw unreadable(messageOf(error));
  });
  if (/credentials not found/i.test(out)) return null;
  if (exitCode !== 0) throw unreadable(out.trim() || `it ended with exit code ${exitCode}`);
  const answer = helperAnswer.safeParse(parseJson(out));
  if (!answer.success) throw unreadable("its answer has no Username and Secret");
  const { Username: username, Secret: password } = answer.data;
  return username === "<token>"
    ? { identitytoken: password, serveraddress: server }
    : { username, password, serveraddress: server };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
