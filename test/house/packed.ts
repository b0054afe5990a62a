import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { onceARun } from "../once-a-run.ts";

const root = join(import.meta.dirname, "../..");

/** With the checkout's own Node and tools first. */
export const packedEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
};

/**
 * Flow-runner packed as it is published, once a run of the tests: from a copy of the checkout, since building it must not
 * touch the one in which other tests run.
 *
 * @returns the tarball
 */
export const packFlowRunner = (): Promise<string> =>
  onceARun("packed", (folder) => {
    const checkout = join(folder, "checkout");
    for (const name of readdirSync(root)) {
      if (["node_modules", "dist", ".git", ".cache", "test"].includes(name)) continue;
      cpSync(join(root, name), join(checkout, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"), "junction");
    const words = ["pack", "--silent", "--pack-destination", folder];
    const packed = spawnSync("npm", words, {
      ...{ cwd: checkout, env: packedEnvironment, encoding: "utf8", timeout: 290_000 },
    });
    if (packed.status !== 0) throw new Error(`npm pack: ${packed.error?.message ?? ""} ${packed.stderr}`);
    return join(folder, packed.stdout.trim().split("\n").at(-1) ?? "");
  });
