import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../../src/api/index.ts";
import { type Ended, flowRunner } from "../cli/binary.ts";
import { describeWith, type Server, s3Keys, startS3 } from "../results/servers.ts";
import { baseImage, describeWithDocker, docker } from "./image/engine.ts";
import { done, removeImage, seenFrom } from "./image/from-outside.ts";

/** What the README tells: the flow, the commands, and the line that is mended. */
async function told() {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const section = readme.split("\n## A run that failed, to its end\n")[1]?.split("\n## ")[0] ?? "";
  const blocks = (language: string): string[] =>
    [...section.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);
  const [, before = "", after = ""] = /^-(.*)\n\+(.*)$/m.exec(blocks("diff")[0] ?? "") ?? [];
  const commands = blocks("sh").flatMap((text) => text.trim().split("\n"));
  return { source: blocks("ts")[0] ?? "", commands, mend: (source: string) => source.replace(before, after) };
}

/** The words of a command line as the README has it. */
const wordsOf = (command: string, run: string): string[] =>
  command
    .split(" ")
    .slice(1)
    .map((word) => (word === "RUN" ? run : word.replaceAll("'", "")));

describeWithDocker("the README's story of a run that failed", () =>
  describeWith("versitygw", "in a container whose results are in S3", () => {
    const name = `story-${randomUUID().slice(0, 8)}`;
    const image = `${name}:story`;
    let folder: string;
    let api: Api;
    let s3: Server;
    const store = (endpoint: string) => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: s3Keys.ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: s3Keys.SECRET_ACCESS_KEY,
    });
    const env = () => ({ HOME: folder, PREFECT__CLOUD__API: api.url, ...store(s3.url) });
    const play = (command: string, run: string): Promise<Ended> =>
      flowRunner(wordsOf(command, run), { env: { ...env(), FLOW_RUNNER__FORMAT: "plain" }, cwd: folder });

    /** As an agent starts it. */
    async function runInContainer(run: string): Promise<void> {
      const seen = await seenFrom("bridge");
      const given = {
        ...store(seen(s3.url)),
        PREFECT__CLOUD__API: seen(api.url),
        PREFECT__CONTEXT__FLOW_RUN_ID: run,
      };
      const words = Object.entries(given).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      const { exitCode, out, err } = await docker("run", "--rm", ...words, image);
      expect(exitCode, `${out}\n${err}`).toBe(0);
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "debug-story-"));
      [api, s3] = await Promise.all([startApi({ host: "0.0.0.0", key: null }), startS3("0.0.0.0")]);
      const { source } = await told();
      await writeFile(join(folder, "prices.ts"), source);
      const made = ["--base", await baseImage(), "--local-image", "--image", name, "--tag", "story", "--no-push"];
      await done(["deploy", join(folder, "prices.ts"), "--project", "demo", "--create-project", ...made], env());
    }, 600_000);
    afterAll(async () => {
      await removeImage(image);
      await Promise.all([api?.close(), s3?.close()]);
      await rm(folder, { recursive: true, force: true });
    });

    test("is played as it stands there: the cause, the input, the fix tried on the one item, the run at its end", async () => {
      const { source, commands, mend } = await told();
      const [cause = "", tried = "", resumed = ""] = commands;
      expect(commands).toHaveLength(3);
      const run = await done(["create-run", "prices"], env());
      await runInContainer(run);

      const shown = await play(cause, run);
      expect(shown.exitCode, shown.err).toBe(0);
      expect(shown.out).toMatch(/^clean \[100\] +1 Failed, 99 Success/m);
      expect(shown.out).toMatch(/Failed first: clean\[37\].*\n.*TypeError: Cannot read properties of undefined/);
      expect(shown.out).toMatch(/^> +\d+ \| +return Number\(row\.price\.replace/m);
      expect(shown.out).toContain("row = { symbol: 'S37' }");
      expect(shown.out).toContain("cleaning S37");
      expect(shown.out).toMatch(new RegExp(`Its code: \\w+ in image ${image}, the same as prices\\.ts`));

      await writeFile(join(folder, "prices.ts"), mend(source));
      const stored = await readdir(s3.folder, { recursive: true });
      const again = await play(tried, run);
      expect(again.exitCode, again.out + again.err).toBe(0);
      expect(again.out).toContain("row = { symbol: 'S37' }");
      expect(again.out).toMatch(/clean \[1\] +│ 1 Success/);
      expect(again.err).toContain("the API was told nothing, and no result was written");
      expect(await readdir(s3.folder, { recursive: true })).toEqual(stored);

      const ended = await play(resumed, run);
      expect(ended.exitCode, ended.out + ended.err).toBe(0);
      expect(ended.err).toContain("total, clean[37] run again, 101 kept.");
      const log = await done(["logs", run], env());
      expect([...log.matchAll(/cleaning S(\d+)/g)].map(([, item]) => Number(item)).toSorted((a, b) => a - b)).toEqual(
        [...Array.from({ length: 100 }, (_, item) => item), 37].toSorted((a, b) => a - b),
      );
      expect(log).toMatch(/goes on with another artifact .*prices\.ts, sha256 [0-9a-f]{64}, in place of [0-9a-f]{64}/);
      expect(JSON.parse(await done(["runs", "--json"], env()))).toMatchObject([{ id: run, state: "Success" }]);
    });
  }),
);
