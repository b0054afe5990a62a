import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBuildSecrets } from "../../src/storage/engine/build-secrets.ts";

/** `${NAME}`, as it is written. */
const variable = (name: string): string => ["$", "{", name, "}"].join("");

let folder: string;
const file = (name: string, text: string): { file: string } => {
  writeFileSync(join(folder, name), text);
  return { file: join(folder, name) };
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "build-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the secrets of a build", () => {
  test("go to the docker command by path or by variable, and never as an argument", async () => {
    const secrets = { key: file("key", "hunter2-and-more"), token: { env: "TOKEN" } };
    const { flags, env } = await openBuildSecrets(secrets, { TOKEN: "a-token-of-mine" });
    expect(flags).toEqual([
      `--secret=id=key,src=${join(folder, "key")}`,
      expect.stringMatching(/^--secret=id=token,env=/),
    ]);
    expect(Object.values(env)).toEqual(["a-token-of-mine"]);
  });

  test("have the variables of whoever builds in the settings of package managers", async () => {
    const npmrc = file("npmrc", `//npm.example.org/:_authToken=${variable("TOKEN")}\nkept=${variable("OTHER")}\n`);
    const yarnrc = file("yarnrc", `npmAuthToken: "${variable("NONE:-fallback-key")}"\n`);
    const { env } = await openBuildSecrets({ npmrc, yarnrc }, { TOKEN: "a-token-of-mine" });
    expect(Object.values(env)).toEqual([
      `//npm.example.org/:_authToken=a-token-of-mine\nkept=${variable("OTHER")}\n`,
      'npmAuthToken: "fallback-key"\n',
    ]);
  });

  test.each([
    ["key=value", "//npm.example.org/:_authToken=s3cret-of-mine", "the key is s3cret-of-mine", "the key is ***"],
    ["YAML", '  npmAuthToken: "s3cret-of-mine"', "s3cret-of-mine?", "***?"],
    ["a line that is malformed", "//npm.example.org/:_authToken:s3cret0of0mine", "s3cret0of0mine", "***"],
    ["a file that is a key", "s3cret-of-mine\n", "s3cret-of-mine", "***"],
    ["JSON", '{"private_key":"s3cret-of-mine"}', "s3cret-of-mine", "***"],
    ["an address with a password", "registry=https://me:s3cret@example.org/", "https://me:s3cret@example.org/", "***"],
    [
      "a plain address, which stays",
      "registry=https://npm.example.org/",
      "GET https://npm.example.org/pg",
      "GET https://npm.example.org/pg",
    ],
  ])("are kept out of what the build says: %s", async (_, secret, said, shown) => {
    const { mask } = await openBuildSecrets({ npmrc: file("npmrc", secret) }, {});
    expect(mask(said)).toBe(shown);
  });

  test("that are not there are said by where they come from", async () => {
    await expect(openBuildSecrets({ token: { env: "TOKEN" } }, {})).rejects.toThrow(
      /buildSecrets.token .* TOKEN, which is not set/,
    );
    await expect(openBuildSecrets({ key: { file: "/nonexistent" } }, {})).rejects.toThrow(
      /nonexistent, which `buildSecrets`/,
    );
  });
});
