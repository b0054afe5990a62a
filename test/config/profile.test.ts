import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findApiAccess, profilePath } from "../../src/config/index.ts";

const noConfig = { apiUrl: null, apiKey: null, tenantId: null, dialect: "auto", apiDialect: "1.x" } as const;
let folder: string;
const file = () => profilePath(folder);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "profile-"));
});
afterEach(() => rm(folder, { recursive: true }));

const twoProfiles = `
api = "http://top:1"
key = "top-key"

[profiles.staging]
api = "http://staging:2/"
key = "staging-key"
tenant = "t-2"
`;

describe("where a command finds the API", () => {
  test("nowhere said: the local one", async () => {
    expect(await findApiAccess({ flags: {}, config: noConfig, file: file(), profile: null })).toEqual({
      apiUrl: "http://localhost:4200",
      apiKey: null,
      tenantId: null,
      dialect: "1.x",
    });
  });

  test("the file's top level, or the profile that is named", async () => {
    await writeFile(file(), twoProfiles);
    const find = (profile: string | null) => findApiAccess({ flags: {}, config: noConfig, file: file(), profile });
    expect(await find(null)).toEqual({ apiUrl: "http://top:1", apiKey: "top-key", tenantId: null, dialect: "1.x" });
    expect(await find("staging")).toEqual({
      apiUrl: "http://staging:2",
      apiKey: "staging-key",
      tenantId: "t-2",
      dialect: "1.x",
    });
  });

  test("the profile that the file itself chooses", async () => {
    await writeFile(file(), `profile = "staging"\n${twoProfiles}`);
    const access = await findApiAccess({ flags: {}, config: noConfig, file: file(), profile: null });
    expect(access.apiKey).toBe("staging-key");
  });

  test("flags win over the environment, that over the profile", async () => {
    await writeFile(file(), twoProfiles);
    const config = { ...noConfig, apiUrl: "http://env:3", apiKey: "env-key" };
    const byEnvironment = await findApiAccess({ flags: {}, config, file: file(), profile: "staging" });
    expect(byEnvironment).toMatchObject({ apiUrl: "http://env:3", apiKey: "env-key" });
    const byFlag = await findApiAccess({
      flags: { api: "http://flag:4", key: "k" },
      config,
      file: file(),
      profile: null,
    });
    expect(byFlag).toMatchObject({ apiUrl: "http://flag:4", apiKey: "k" });
  });

  test("a profile's key is not sent to another address", async () => {
    await writeFile(file(), twoProfiles);
    const access = await findApiAccess({
      flags: { api: "http://evil:9" },
      config: noConfig,
      file: file(),
      profile: null,
    });
    expect(access).toEqual({ apiUrl: "http://evil:9", apiKey: null, tenantId: null, dialect: "1.x" });
  });
});

describe("a profile file that cannot be used", () => {
  const find = (profile: string | null = null) => findApiAccess({ flags: {}, config: noConfig, file: file(), profile });

  test("names the line of what is no TOML, and no value", async () => {
    await writeFile(file(), 'api = "http://a:1"\nkey = "s3cret\n');
    const error = await find().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "PROFILE_FILE_INVALID", exitCode: 2 });
    expect((error as Error).message).toContain("line 2");
    expect((error as Error).message).not.toContain("s3cret");
  });

  test("names the field that is wrong or unknown", async () => {
    await writeFile(file(), 'api = "nowhere"\ntoken = "s3cret"\n');
    const error = await find().catch((caught: unknown) => caught);
    expect((error as Error).message).toMatch(/api: /);
    expect((error as Error).message).toMatch(/token/);
    expect((error as Error).message).not.toContain("s3cret");
  });

  test("lists the profiles there are", async () => {
    await writeFile(file(), twoProfiles);
    await expect(find("prod")).rejects.toThrow(/no profile "prod".*Its profiles: staging/);
  });
});
