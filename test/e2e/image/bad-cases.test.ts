import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, flowRunner } from "../../cli/binary.ts";
import { baseImage, describeWithDocker, docker, dockerDone } from "./engine.ts";

const shell = promisify(execFile);

/** Registries to which nothing can be pushed. */
const unwilling: readonly {
  readonly does: string;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly code: string;
}[] = [
  {
    does: "refuses (401)",
    answer: (_, response) => void response.writeHead(401, { "www-authenticate": 'Basic realm="a registry"' }).end("{}"),
    code: "REGISTRY_REFUSED",
  },
  {
    does: "fails (500)",
    answer: ({ method }, response) => void (method === "GET" ? response.end("{}") : response.writeHead(500).end("{}")),
    code: "REGISTRY_FAILED",
  },
  {
    does: "goes away in the middle",
    answer: ({ method, socket }, response) => void (method === "GET" ? response.end("{}") : socket.destroy()),
    code: "REGISTRY_FAILED",
  },
];

describeWithDocker("an image that cannot be built or pushed", () => {
  let folder: string;
  let base: string;
  const images: string[] = [];
  /** What became of a push to each of the registries. */
  const pushes = new Map<string, Promise<Ended & { readonly address: string }>>();

  /** A flow in a project without a lockfile, saved where it is told; its source is given so that it can be any. */
  async function saved(name: string, body = "1", imports = ""): Promise<string> {
    const file = join(folder, `${name}.ts`);
    const flow = `import { flow, task } from "flow-runner"; ${imports}\nconst t = task("t", () => ${body});\nexport const f = flow(${JSON.stringify(name)}, () => t());\n`;
    await writeFile(file, flow);
    return file;
  }

  const build = (files: readonly string[], flags: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    flowRunner(["build", ...files, "--tag", "bad", "--local-image", ...flags], {
      env: { HOME: folder, ...env },
      cwd: folder,
    });
  const onBase = (files: readonly string[], flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    build(files, ["--base", base, ...flags], env);

  /** Bases that answer the questions asked of them as unfit ones do. */
  async function makeUnfitBases(): Promise<void> {
    const says = (program: string, answer: string): string =>
      `RUN printf '#!/bin/sh\\necho ${answer}\\n' >/usr/local/bin/${program} && chmod +x /usr/local/bin/${program}`;
    const bases = {
      "no-shell": ["FROM scratch", "COPY Dockerfile /"],
      "old-node": ["FROM debian:bookworm-slim", says("node", "v18.20.4")],
      "other-runner": [`FROM ${base}`, says("flow-runner", "9.9.9")],
    };
    for (const [tag, lines] of Object.entries(bases)) {
      const context = join(folder, tag);
      await mkdir(context);
      await writeFile(join(context, "Dockerfile"), lines.join("\n"));
      images.push(`unfit-base:${tag}`);
      await dockerDone("build", "--quiet", "--tag", `unfit-base:${tag}`, context);
    }
  }

  /** The base in one layer: the engine pushes five at a time, and tries each for a minute. */
  async function makeFlatBase(): Promise<string> {
    const flat = join(folder, "flat.tar");
    const container = await dockerDone("create", base);
    await dockerDone("export", "--output", flat, container);
    await dockerDone("rm", container);
    const changes = ["ENV FLOW_RUNNER__APPLICATION_FOLDER=/app", 'ENTRYPOINT ["flow-runner-entrypoint"]'];
    const id = await dockerDone("import", ...changes.flatMap((each) => ["--change", each]), flat);
    images.push(id);
    return id;
  }

  async function push(image: readonly string[], answer: (typeof unwilling)[number]["answer"]) {
    const server = await listen(createServer(answer));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    images.push(`${address}/pushed:bad`);
    try {
      return { address, ...(await build(image, ["--registry", address])) };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-bad-"));
    base = await baseImage();
    await makeUnfitBases();
    const flatBase = await makeFlatBase();
    const file = await saved("pushed");
    // The engine tries again for a minute: beside the other tests.
    for (const { does, answer } of unwilling) pushes.set(does, push(["--base", flatBase, file], answer));
  }, 420_000);

  afterAll(async () => {
    await Promise.allSettled(pushes.values());
    if (images.length > 0) await docker("rmi", "--force", ...images);
    await rm(folder, { recursive: true, force: true });
  });

  test("for a package that is not there: the step and its last lines", async () => {
    const { exitCode, err } = await onBase(
      [await saved("dependent")],
      ["--dependency", "@nobody-has/this-package@1.2.3"],
    );
    expect(err).toContain("[IMAGE_DEPENDENCIES_FAILED]");
    expect(err).toMatch(/Its last lines:[\s\S]*E404|Its last lines:[\s\S]*404/);
    expect(exitCode).toBe(3);
  });

  test("for a package that is not there, when BuildKit builds", async () => {
    await writeFile(join(folder, "npmrc"), "loglevel=error\n");
    const flags = ["--dependency", "@nobody-has/this-package@1.2.3", "--secret", `npmrc=${join(folder, "npmrc")}`];
    const { exitCode, err } = await onBase([await saved("dependent")], flags, {
      PATH: `/usr/bin:${process.env.PATH}`,
    });
    expect(err).toContain("[IMAGE_DEPENDENCIES_FAILED]");
    expect(err).toMatch(/Its last lines:[\s\S]*404/);
    expect(exitCode).toBe(3);
  });

  test("for a flow that fails its health checks in the image: what they said", async () => {
    const file = await saved("choosy", "1", `if (process.env.PLACE !== "home") throw new Error("only at home");`);
    const { exitCode, err } = await onBase([file], [], { PLACE: "home" });
    expect(err).toContain("[IMAGE_CHECK_FAILED]");
    expect(err).toContain("only at home");
    expect(exitCode).toBe(3);
    const without = await onBase([file], ["--ignore-healthchecks"], { PLACE: "home" });
    expect(without.err).not.toContain("[IMAGE");
    images.push(without.out.trim());
  });

  test.each([
    ["a base image without Node", ["--base", "debian:bookworm-slim"], "BASE_IMAGE_WITHOUT_NODE", 3],
    ["a base image that is not there", ["--base", "no-such-image:1"], "IMAGE_PULL_FAILED", 3],
    ["a base image without a shell", ["--base", "unfit-base:no-shell"], "BASE_IMAGE_UNUSABLE", 3],
    ["a base image whose Node is too old", ["--base", "unfit-base:old-node"], "BASE_IMAGE_NODE_TOO_OLD", 3],
    ["a base image of another flow-runner", ["--base", "unfit-base:other-runner"], "BASE_IMAGE_INCOMPATIBLE", 3],
    ["an option that is not valid", ["--registry", "https://localhost"], "STORAGE_OPTION_INVALID", 2],
    ["a file that is not there", ["--file", "nowhere.csv:/data/nowhere.csv"], "IMAGE_FILE_MISSING", 2],
    [
      "a variable that looks like a secret, when that is refused",
      ["--env", "API_TOKEN=abc", "--strict"],
      "IMAGE_ENVIRONMENT_SENSITIVE",
      2,
    ],
  ])("for %s", async (_, flags, code, expected) => {
    const { exitCode, err } = await build([await saved("plain")], flags);
    expect(err).toContain(`[${code}]`);
    expect(err).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(expected);
  });

  test("for a Dockerfile that replaces the entrypoint: its line", async () => {
    await mkdir(join(folder, "own"), { recursive: true });
    await writeFile(join(folder, "own/Dockerfile"), `FROM ${base}\nENTRYPOINT ["node"]\n`);
    const { exitCode, err } = await build([await saved("plain")], ["--dockerfile", "own/Dockerfile"]);
    expect(err).toMatch(/own\/Dockerfile:2 sets an ENTRYPOINT.*\[DOCKERFILE_ENTRYPOINT\]/);
    expect(exitCode).toBe(2);
  });

  test("for two flows of one name: both files", async () => {
    const first = await saved("twice");
    const second = join(folder, "again.ts");
    await writeFile(
      second,
      `import { flow, task } from "flow-runner"; const other = task("other", () => 2);\nexport const f = flow("twice", () => other());\n`,
    );
    const { exitCode, err } = await onBase([first, second]);
    expect(err).toContain("[IMAGE_FLOW_CLASH]");
    expect(exitCode).toBe(2);
  });

  test("without a Docker engine: where it was looked for", async () => {
    const { exitCode, err } = await onBase([await saved("plain")], [], {
      DOCKER_HOST: "unix:///nonexistent/docker.sock",
    });
    expect(err).toMatch(/unix:\/\/\/nonexistent\/docker.sock.*DOCKER_HOST.*\[ENGINE_UNREACHABLE\]/);
    expect(exitCode).toBe(1);
  });

  test.each(unwilling.map(({ does, code }) => [does, code] as const))(
    "with a registry that %s: the image is kept",
    async (does, code) => {
      const { address, exitCode, err } = (await pushes.get(does)) ?? expect.fail("nothing was pushed");
      expect(err).toContain(`[${code}]`);
      expect(err).toContain("kept on this machine");
      expect(exitCode).toBe(4);
      expect((await docker("image", "inspect", `${address}/pushed:bad`)).exitCode).toBe(0);
    },
  );

  test("where the engine's disk is full: how to see what takes it", async () => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    await shell("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
    const socket = `unix://${join(folder, "small.sock")}`;
    // With a bridge of its own: without one it would take away that of the engine which all other tests use.
    const bridge = `fr${process.pid}`;
    await shell("ip", ["link", "add", bridge, "type", "bridge"]);
    await shell("ip", ["address", "add", "10.213.77.1/24", "dev", bridge]);
    await shell("ip", ["link", "set", bridge, "up"]);
    const engine = execFile("/usr/sbin/dockerd", [
      ...["--host", socket, "--data-root", join(disk, "data"), "--exec-root", join(disk, "exec")],
      ...[
        "--pidfile",
        join(folder, "small.pid"),
        "--bridge",
        "none",
        "--iptables=false",
        "--bridge",
        bridge,
        "--storage-driver",
        "overlay2",
      ],
    ]);
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    try {
      await answering(socket);
      const words = ["build", await saved("plain"), "--base", "127.0.0.1:5055/library/node:26-bookworm-slim"];
      const { err, exitCode } = await flowRunner(words, { env: { HOME: folder, DOCKER_HOST: socket }, cwd: folder });
      expect(err).toMatch(/no space left.*docker system prune.*\[ENGINE_NO_SPACE\]/is);
      expect(exitCode).toBe(1);
    } finally {
      engine.kill("SIGTERM");
      await ended;
      await shell("umount", ["--lazy", disk]);
      await shell("ip", ["link", "delete", bridge]);
    }
  });
});

async function listen(server: HttpServer): Promise<HttpServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Waits until an engine answers. */
async function answering(socket: string): Promise<void> {
  for (const deadline = Date.now() + 180_000; Date.now() < deadline; await pause(200)) {
    const { exitCode } = await docker("--host", socket, "version");
    if (exitCode === 0) return;
  }
  await dockerDone("--host", socket, "version");
}
