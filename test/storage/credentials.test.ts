import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findCredentials, registryOf } from "../../src/storage/engine/credentials.ts";

let folder: string;
const env = (): NodeJS.ProcessEnv => ({ DOCKER_CONFIG: folder, PATH: `${folder}${delimiter}${process.env.PATH}` });
const config = (content: unknown): void => writeFileSync(join(folder, "config.json"), JSON.stringify(content));

/** A credential helper, as `docker login` with a keychain uses it. */
function helper(name: string, script: string): void {
  const file = join(folder, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the credentials for a registry", () => {
  test("are those that docker login wrote into its configuration", async () => {
    config({ auths: { "localhost:5000": { auth: Buffer.from("me:pass:word").toString("base64") } } });
    expect(await findCredentials("localhost:5000", env())).toEqual({
      username: "me",
      password: "pass:word",
      serveraddress: "localhost:5000",
    });
    expect(await findCredentials("ghcr.io", env())).toBeNull();
  });

  test("come from the registry's own helper, which is asked by its protocol", async () => {
    helper("here", `read -r server; printf '{"Username":"%s","Secret":"s"}' "$server"`);
    config({ credHelpers: { "ghcr.io": "here" }, credsStore: "missing" });
    expect(await findCredentials("ghcr.io", env())).toMatchObject({ username: "ghcr.io", password: "s" });
  });

  test("may be a token, and may be none in the general store", async () => {
    helper(
      "all",
      `read -r server; case $server in https://index.docker.io/v1/) printf '{"Username":"<token>","Secret":"t"}' ;; *) echo credentials not found in native keychain; exit 1 ;; esac`,
    );
    config({ credsStore: "all" });
    expect(await findCredentials("docker.io", env())).toMatchObject({ identitytoken: "t" });
    expect(await findCredentials("ghcr.io", env())).toBeNull();
  });

  test.each([
    ["a helper that is not there", { credsStore: "missing" }, /docker-credential-missing.*ENOENT/],
    ["a helper that fails", { credsStore: "broken" }, /docker-credential-broken: locked/],
    ["a configuration that is none", "nonsense", /config.json: it is not a valid configuration/],
  ])("cannot be read from %s, which is said", async (_, content, problem) => {
    helper("broken", "cat >/dev/null; echo locked; exit 1");
    config(content);
    await expect(findCredentials("ghcr.io", env())).rejects.toThrow(problem);
  });

  test("are looked for under the registry that an image's name means", () => {
    expect(registryOf("localhost:5000/weather:1")).toBe("localhost:5000");
    expect(registryOf("ghcr.io/team/weather")).toBe("ghcr.io");
    expect(registryOf("team/weather")).toBe("docker.io");
    expect(registryOf("weather:1.2")).toBe("docker.io");
  });
});
