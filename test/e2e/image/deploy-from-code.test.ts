import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../../../src/api/index.ts";
import { openManifest } from "../../../src/artifact/format/open-artifact.ts";
import { seal, splitFirstLine } from "../../../src/artifact/format/seal.ts";
import { version } from "../../../src/config/index.ts";
import { baseImage, describeWithDocker, docker, dockerDone, type Ran, run } from "./engine.ts";
import { registry as mirror, ownNamespace } from "./registry.ts";
import { userProject } from "./user-project.ts";

/** A Node that does not exist: no image of ours is here for it. The official name is that of a stand-in in the mirror. */
const major = 27;
const official = `node:${major}-bookworm-slim`;
const own = `flow-runner:${version}-node${major}`;

const flowSource = (name: string): string => `import { flow, task } from "flow-runner";
const greet = task("greet", () => "good ${name}");
export const ${name} = flow("${name}", () => greet());\n`;

const files = {
  "morning.ts": flowSource("morning"),
  "evening.ts": flowSource("evening"),
  "deploy-both.ts": `import { Docker, Flow } from "flow-runner";
import { evening } from "./evening.ts";
import { morning } from "./morning.ts";
const [registryUrl = "", baseImage = ""] = process.argv.slice(2);
const storage = new Docker({ registryUrl, baseImage, localImage: true, imageName: "both", imageTag: "t" });
const deployed = await Flow.deploy([morning, evening], { project: "code", createProject: true, storage });
console.log(JSON.stringify(deployed));\n`,
  "deploy-saved.ts": `import { Docker, Flow } from "flow-runner";
const [registryUrl = ""] = process.argv.slice(2);
const saved = await Flow.load("later.prefect");
const { image } = await saved.deploy({
  project: "code",
  createProject: true,
  storage: new Docker({ registryUrl, imageName: "later", imageTag: "t" }),
  observer: (event) => {
    if (event.type === "notice") console.error(event.level, event.message);
  },
});
console.log(image);\n`,
};

describeWithDocker("flows deployed from a user's own code", () => {
  let folder: string;
  let api: Api;
  const registry = ownNamespace();
  let base: string;
  let user: Awaited<ReturnType<typeof userProject>>;
  const env = (): NodeJS.ProcessEnv => ({ PREFECT__CLOUD__API: api.url });

  async function done(words: readonly string[], script?: string): Promise<{ out: string; err: string }> {
    const { out, err, exitCode } = await user.run(words, env(), script && join(user.project, script));
    expect(exitCode, err).toBe(0);
    return { out: out.trim(), err };
  }

  /** What an agent does with a run of the flow: pulls the image from the registry, and starts it. */
  async function runOf(flow: string, image: string): Promise<Ran & { state: string }> {
    const { out: id } = await done(["create-run", flow, "--project", "code"]);
    await dockerDone("pull", "--quiet", image);
    const subnet = await dockerDone("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}");
    const address = api.url.replace(/\/\/[^:/]+/, `//${subnet.replace(/\.\d+\/\d+$/, ".1")}`);
    const given = [`PREFECT__CLOUD__API=${address}`, `PREFECT__CONTEXT__FLOW_RUN_ID=${id}`];
    const ran = await docker("run", "--rm", ...given.flatMap((each) => ["--env", each]), image);
    const query = `query($id: uuid!) { flow_run_by_pk(id: $id) { state } }`;
    const headers = { "content-type": "application/json" };
    const answer = await fetch(api.url, {
      method: "POST",
      headers,
      body: JSON.stringify({ query, variables: { id } }),
    });
    const { data } = (await answer.json()) as { data: { flow_run_by_pk: { state: string } } };
    return { ...ran, state: data.flow_run_by_pk.state };
  }

  /** A flow as somebody with another Node saves it. */
  async function saveForLater(): Promise<void> {
    await done(["save", "morning.ts", "--output", "later.prefect"]);
    const path = join(user.project, "later.prefect");
    const bytes = await readFile(path);
    const manifest = { ...openManifest(path, bytes), node: `${major}.0.0` };
    await writeFile(path, seal(manifest, splitFirstLine(bytes)?.rest ?? Buffer.alloc(0)).bytes);
  }

  /** The same image as for the Node that exists, so that what is built on that one is built already. */
  async function mirrorStandIn(): Promise<void> {
    const name = `${mirror}/library/${official}`;
    await dockerDone("tag", "node:26-bookworm-slim", name);
    await dockerDone("push", "--quiet", name);
    await dockerDone("rmi", "--no-prune", name);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-code-"));
    [api, user] = await Promise.all([startApi({ host: "0.0.0.0", key: null }), userProject(folder, files)]);
    base = await baseImage();
    await Promise.all([saveForLater(), mirrorStandIn()]);
  }, 420_000);

  afterAll(async () => {
    const images = ["both:t", "later:t", own].map((name) => `${registry}/${name}`);
    await docker("rmi", "--force", ...images, own, official);
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("one that was saved, where no base is named and none of ours is there: on the official Node image, with a warning where Node differs", {
    timeout: 600_000,
  }, async () => {
    const { out: image, err } = await done([registry], "deploy-saved.ts");
    expect(image).toBe(`${registry}/later:t`);
    expect(err).toContain(`info There is no image ${own} here; it is made from ${official}.`);
    expect(err).toMatch(new RegExp(`warning ${own} has Node 26.*the flow was saved with Node ${major}\\.0\\.0`));
    expect((await docker("image", "inspect", image)).exitCode).not.toBe(0);
    const { state, out, err: said } = await runOf("morning", image);
    expect(state, `${out}\n${said}`).toBe("Success");
  });

  test("one on the base image that the team has in its registry, with the layers' progress on a terminal", {
    timeout: 600_000,
  }, async () => {
    const shared = `${registry}/${own}`;
    await dockerDone("tag", own, shared);
    await dockerDone("push", "--quiet", shared);
    await docker("rmi", "--no-prune", own, shared);
    const words = ["deploy", "later.prefect", "--project", "code", "--registry", registry, "--tag", "shown"];
    // A terminal that nobody has opened is no columns wide.
    const command = `stty cols 100 rows 30; ${[process.execPath, user.command, ...words, "--image", "later"].join(" ")}`;
    const { out, exitCode } = await run("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: user.project,
      env: { PATH: process.env.PATH, HOME: folder, TERM: "xterm", ...env() },
    });
    expect(exitCode, out).toBe(0);
    expect(out).toContain(`The image starts from ${shared}, which has Node 26`);
    expect(out).not.toContain("There is no image");
    expect((await docker("image", "inspect", own)).exitCode).not.toBe(0);
    // Lines of layers are drawn over each other as they move, and are gone at the end.
    // Which of them are new to the engine and to the registry depends on what was built before.
    expect(out).toMatch(/Pushing [0-9a-f]{12}: Preparing/);
    expect(out).toMatch(/Pushing [0-9a-f]{12}: (Mounted from|Layer already exists|Pushing \d+ %)/);
    expect(out).toContain("\u001b[1A");
    expect(stripVTControlCharacters(out).trim()).toMatch(/[0-9a-f-]{36}$/);
  });

  test("several in one image", { timeout: 600_000 }, async () => {
    const { out } = await done([registry, base], "deploy-both.ts");
    const { image, registrations } = JSON.parse(out) as {
      image: string;
      registrations: { name: string; version: number; storage: { flows: object } }[];
    };
    expect(image).toBe(`${registry}/both:t`);
    expect(registrations.map(({ name }) => name)).toEqual(["morning", "evening"]);
    expect(registrations[0]?.storage.flows).toEqual({
      morning: "/root/.prefect/morning.prefect",
      evening: "/root/.prefect/evening.prefect",
    });
    const { state, out: said, err } = await runOf("evening", image);
    expect(state, `${said}\n${err}`).toBe("Success");
  });
});
