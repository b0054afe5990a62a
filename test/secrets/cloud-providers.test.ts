import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openSecrets } from "../../src/secrets/index.ts";
import { describeWith, type Server, startServer } from "../results/servers.ts";
import { type SecretManager, startSecretManager } from "./secret-manager.ts";

/** A service account's key file, as workload identity or a mounted key would provide it. */
async function serviceAccountFile(): Promise<string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const path = join(await mkdtemp(join(tmpdir(), "gcp-")), "key.json");
  const key = {
    type: "service_account",
    project_id: "weather-prod",
    private_key_id: "1",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    client_email: "runner@weather-prod.iam.gserviceaccount.com",
    client_id: "1",
    token_uri: "https://oauth2.googleapis.com/token",
  };
  await writeFile(path, JSON.stringify(key));
  return path;
}

describe("Google Secret Manager, by its real client", () => {
  let manager: SecretManager;
  let keyFile: string;
  beforeAll(async () => {
    keyFile = await serviceAccountFile();
  });
  beforeEach(async () => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", keyFile);
    manager = await startSecretManager();
    manager.versions.set("projects/weather-prod/secrets/db/versions/latest", '{"user":"u","password":"new-password"}');
    manager.versions.set("projects/weather-prod/secrets/db/versions/3", "old-password");
    manager.versions.set("projects/other/secrets/TOKEN/versions/latest", "tok-ü-1");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await manager.close();
  });

  it("reads the latest version, a certain one, one field, and one of another project", async () => {
    const secrets = openSecrets({ gcp: { endpoint: manager.url } });
    expect(await secrets.get("gcp:projects/weather-prod/secrets/db#password")).toBe("new-password");
    expect(await secrets.get("gcp:projects/weather-prod/secrets/db/versions/3")).toBe("old-password");
    expect(await secrets.get("gcp:projects/other/secrets/TOKEN")).toBe("tok-ü-1");
  });

  it("takes the project of the credentials for a bare name, and is one provider of the order", async () => {
    const secrets = openSecrets({ order: "context,gcp", gcp: { endpoint: manager.url }, context: { A: "here" } });
    expect(await secrets.get("db")).toEqual({ user: "u", password: "new-password" });
    expect(await secrets.get("A")).toBe("here");
    expect(manager.asked).toEqual(["/v1/projects/weather-prod/secrets/db/versions/latest:access"]);
  });

  it("says that there is no such secret", async () => {
    const secrets = openSecrets({ gcp: { endpoint: manager.url, project: "weather-prod" } });
    await expect(secrets.get("gcp:nothing")).rejects.toThrow(
      'Secret "gcp:nothing" was not found. Asked: gcp: Google Secret Manager has no such secret or version',
    );
  });

  it("tells a missing permission from a missing secret", async () => {
    manager.fail(403, "PERMISSION_DENIED");
    const secrets = openSecrets({ gcp: { endpoint: manager.url, project: "weather-prod" } });
    await expect(secrets.get("gcp:db")).rejects.toThrow(/could not be fetched: gcp failed \(.*PERMISSION_DENIED/);
  });
});

describeWith("moto_server", "AWS Secrets Manager, by its real client against moto", () => {
  let server: Server;
  let arn: string | undefined;
  beforeAll(async () => {
    server = await startServer("moto_server", ({ port }) => ["-H", "127.0.0.1", "-p", String(port)]);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    vi.stubEnv("AWS_REGION", "eu-central-1");
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url);
    const client = new SecretsManagerClient({ endpoint: server.url });
    const created = await client.send(
      new CreateSecretCommand({ Name: "prod/db", SecretString: '{"user":"u","password":"pw-of-aws"}' }),
    );
    arn = created.ARN;
    await client.send(new CreateSecretCommand({ Name: "binary", SecretBinary: Buffer.from("bytes-ü") }));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  it("reads a secret by name, by ARN, by field, and a binary one", async () => {
    const secrets = openSecrets({});
    expect(await secrets.get("aws:prod/db")).toEqual({ user: "u", password: "pw-of-aws" });
    expect(await secrets.get(`aws:${arn}#password`)).toBe("pw-of-aws");
    expect(await secrets.get("aws:binary")).toBe("bytes-ü");
  });

  it("says that there is no such secret, and which provider was asked", async () => {
    await expect(openSecrets({ order: "context,aws" }).get("nothing")).rejects.toThrow(
      /Secret "nothing" was not found\. Asked: context: .*; aws: AWS Secrets Manager has no secret of this name here/,
    );
  });

  it("does not take an unreachable service for a missing secret", async () => {
    const secrets = openSecrets({ aws: { endpoint: "http://127.0.0.1:1" }, timeout: 5_000 });
    await expect(secrets.get("aws:prod/db")).rejects.toThrow(/could not be fetched: aws failed \(.*ECONNREFUSED/);
  });
});
