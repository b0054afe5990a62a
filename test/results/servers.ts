import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

/** The real servers that tests talk to, as `scripts/ci-setup` and npm install them. */
const programs = {
  versitygw: join(root, ".cache/bin/versitygw"),
  "fake-gcs-server": join(root, ".cache/bin/fake-gcs-server"),
  "azurite-blob": join(root, "node_modules/.bin/azurite-blob"),
  moto_server: join(root, ".cache/moto/bin/moto_server"),
} as const;
export type Program = keyof typeof programs;

/** A suite that needs a real server. Where it is not installed the suite is skipped and says so; in CI it fails. */
export function describeWith(program: Program, title: string, body: () => void): void {
  const missing = !existsSync(programs[program]);
  if (missing && process.env.CI !== "true") {
    console.warn(`skipped: ${title}: ${program} is not installed (scripts/ci-setup)`);
  }
  describe.skipIf(missing && process.env.CI !== "true")(title, body);
}

export interface Server {
  readonly url: string;
  /** A folder of the server's own, removed when it is closed. */
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * A port on which nothing listens, for a server that is not there yet, or that goes away and comes back. It is none of
 * those that the system gives to connections and to whoever asks for any port: one of these is soon somebody else's.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Starts a server on a free port and waits until it answers http (with whatever status). */
export async function startServer(
  program: Program,
  args: (at: { port: number; folder: string; url: string }) => Promise<readonly string[]> | readonly string[],
): Promise<Server> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `${program}-`));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(programs[program], await args({ port, folder, url }), { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const close = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 120_000; ; ) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
    if (answered) return { url, folder, close };
    if (child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`${program} did not start: ${output}`);
    }
    await pause(50);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await end;
}

export const s3Keys = { ACCESS_KEY: "results-access", SECRET_ACCESS_KEY: "results-secret-key-4711" };

/**
 * S3 by versitygw, with the bucket `results`; objects are files of `folder`/objects/results.
 *
 * @param host Where it listens; `0.0.0.0` is reached from containers too.
 */
export function startS3(host = "127.0.0.1"): Promise<Server> {
  return startServer("versitygw", async ({ port, folder }) => {
    await mkdir(join(folder, "objects", "results"), { recursive: true });
    await mkdir(join(folder, "sidecar"), { recursive: true });
    return [
      ...["--access", s3Keys.ACCESS_KEY, "--secret", s3Keys.SECRET_ACCESS_KEY, "--port", `${host}:${port}`],
      ...["posix", "--sidecar", join(folder, "sidecar"), join(folder, "objects")],
    ];
  });
}

/** Google Cloud Storage by fake-gcs-server, with the bucket `results`. */
export async function startGCS(): Promise<Server> {
  const server = await startServer("fake-gcs-server", ({ port, folder, url }) => [
    ...["-scheme", "http", "-host", "127.0.0.1", "-port", String(port)],
    ...["-backend", "filesystem", "-filesystem-root", folder, "-external-url", url],
  ]);
  await fetch(`${server.url}/storage/v1/b?project=test`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "results" }),
  });
  return server;
}

/** Azurite's one account, with its published key. */
export const azuriteAccount = {
  ACCOUNT_NAME: "devstoreaccount1",
  ACCOUNT_KEY: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

/** Azure Blob Storage by Azurite, with the container `results`. */
export async function startAzure(): Promise<Server> {
  const server = await startServer("azurite-blob", ({ port, folder }) => [
    ...[
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--location",
      folder,
      "--silent",
      "--skipApiVersionCheck",
    ],
  ]);
  const { BlobServiceClient } = await import("@azure/storage-blob");
  await BlobServiceClient.fromConnectionString(azureConnectionString(server.url)).createContainer("results");
  return server;
}

export function azureConnectionString(url: string): string {
  const { ACCOUNT_NAME, ACCOUNT_KEY } = azuriteAccount;
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT_NAME};AccountKey=${ACCOUNT_KEY};BlobEndpoint=${url}/${ACCOUNT_NAME};`;
}
