import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, flowRunner } from "../../cli/binary.ts";
import { baseImage, describeWithDocker, docker, dockerDone, run } from "./engine.ts";
import { ink, startPrivateRegistry } from "./private-registry.ts";

const token = "npm_ThisIsTheKeyToTheCompanysRegistry0815";
const flowSource = `import { flow, task } from "flow-runner";
const write = task("write", () => 1);
export const letter = flow("letter", () => write());\n`;

describeWithDocker("a build with the key to a private registry", () => {
  let folder: string;
  let base: string;
  let registry: Awaited<ReturnType<typeof startPrivateRegistry>>;

  /** Builds a project's flow with the private package, by the client of Docker that has BuildKit. */
  async function build(
    name: string,
    files: Record<string, string>,
    secret: string,
    dependency = "@company/ink@1.0.0",
  ): Promise<Ended> {
    const project = join(folder, name);
    await mkdir(project);
    for (const [path, content] of Object.entries({ "flow.ts": flowSource, ...files }))
      await writeFile(join(project, path), content);
    const words = ["build", "flow.ts", "--base", base, "--local-image", "--image", `secret-${name}`, "--tag", "t"];
    return flowRunner([...words, "--dependency", dependency, "--secret", secret], {
      env: { HOME: folder, PATH: `/usr/bin:${process.env.PATH}`, COMPANY_TOKEN: token },
      cwd: project,
    });
  }

  /** How often the token and the package are in an image: in any layer, in its history, in its settings. */
  async function foundIn(image: string): Promise<{ token: number; package: number }> {
    const search = `{ docker save "$0"; docker history --no-trunc "$0"; docker inspect "$0"; } | grep --text --only-matching -e "$1" -e "$2" | sort | uniq --count`;
    const { out } = await run("bash", ["-c", search, image, token, ink]);
    const count = (text: string): number => Number(new RegExp(`(\\d+) ${text}`).exec(out)?.[1] ?? 0);
    return { token: count(token), package: count(ink) };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-secrets-"));
    base = await baseImage();
    registry = await startPrivateRegistry(folder, token);
  }, 420_000);

  afterAll(async () => {
    registry?.close();
    await docker("rmi", "--force", "secret-npm:t", "secret-yarn:t");
    await rm(folder, { recursive: true, force: true });
  });

  test("by npm has the package, and the key in no layer and in nothing it says", async () => {
    const { address } = registry;
    const key = `${address.replace("http:", "")}/:_authToken=\${COMPANY_TOKEN}\n`;
    const { exitCode, err } = await build("npm", { npmrc: `@company:registry=${address}/\n${key}` }, "npmrc=npmrc");
    expect(exitCode, err).toBe(0);
    expect(err).not.toContain(token);
    const said = await dockerDone("run", "--rm", "secret-npm:t", "node", "--print", 'require("@company/ink")');
    expect(said).toBe(ink);
    expect(await foundIn("secret-npm:t")).toEqual({ token: 0, package: 1 });
  });

  test("by yarn of today too", async () => {
    const { address, host } = registry;
    const { out: registryOfAll } = await run("npm", ["config", "get", "registry"]);
    const scope = `npmScopes:\n  company:\n    npmRegistryServer: "${address}"\n    npmAlwaysAuth: true\n`;
    const files = {
      "package.json": JSON.stringify({ name: "letters", private: true, packageManager: "yarn@4.18.1" }),
      "yarn.lock": "__metadata:\n  version: 8\n",
      ".yarnrc.yml": `${scope}    npmAuthToken: "\${COMPANY_TOKEN}"\nunsafeHttpWhitelist: ["${host}"]\nnpmRegistryServer: "${registryOfAll.replace(/\/$/, "")}"\n`,
    };
    const { exitCode, err } = await build("yarn", files, "yarnrc=.yarnrc.yml");
    expect(exitCode, err).toBe(0);
    const said = await dockerDone("run", "--rm", "secret-yarn:t", "node", "--print", 'require("@company/ink")');
    expect(said).toBe(ink);
    expect(await foundIn("secret-yarn:t")).toEqual({ token: 0, package: 1 });
  });

  test("that fails shows no key, also where npm shows the line that it does not understand", async () => {
    const { address } = registry;
    // A line without "=". Docker would take the step from its cache for the same dependency: secrets are no part of it.
    const npmrc = `@company:registry=${address}/\n${address.replace("http:", "")}/:_authToken:${token}\n`;
    const { exitCode, err } = await build("bad", { npmrc }, "npmrc=npmrc", "@company/ink@^1.0.0");
    expect(err).toContain("[IMAGE_DEPENDENCIES_FAILED]");
    expect(err).toContain("***");
    expect(err).not.toContain(token);
    expect(exitCode).toBe(3);
  });

  test("is refused where the key is not to be had", async () => {
    const { exitCode, err } = await build("none", {}, "npmrc=nowhere");
    expect(err).toMatch(/There is no file or folder .*nowhere, which `buildSecrets`.*\[IMAGE_FILE_MISSING\]/);
    expect(exitCode).toBe(2);
  });
});
