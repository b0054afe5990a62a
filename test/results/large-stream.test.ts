import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { describeWith, s3Keys, startS3 } from "./servers.ts";

const run = promisify(execFile);

/** As JavaScript, since what strips types has memory of its own. */
async function bundled(source: string, folder: string): Promise<string> {
  await build({
    entryPoints: [source],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return join(folder, "stream-large.mjs");
}

describeWith("versitygw", "1 GiB through S3", () => {
  it("goes out and comes back as a stream and as a file, in less than 200 MB of memory", async () => {
    const server = await startS3();
    const scratch = await mkdtemp(join(tmpdir(), "large-"));
    // Inside the repository, where its packages are found.
    const code = await mkdtemp(new URL("../../node_modules/.stream-large-", import.meta.url).pathname);
    const script = await bundled(new URL("./fixtures/stream-large.ts", import.meta.url).pathname, code);
    const env = {
      ...process.env,
      S3: server.url,
      KEYS: JSON.stringify(s3Keys),
      SCRATCH: scratch,
      BYTES: String(2 ** 30),
    };
    try {
      const { stdout } = await run(process.execPath, [script], { env });
      const { expected, asStream, asFile, peakKB } = JSON.parse(stdout);
      expect(expected.length).toBe(2 ** 30);
      expect(asStream).toEqual(expected);
      expect(asFile).toEqual(expected);
      // The runner beside the host has some 35 MB of its own, and shares Node's code with it.
      expect(peakKB).toBeGreaterThan(0);
      expect(peakKB / 1024).toBeLessThan(175);
    } finally {
      await server.close();
      for (const folder of [scratch, code]) await rm(folder, { recursive: true, force: true });
    }
  });
});
