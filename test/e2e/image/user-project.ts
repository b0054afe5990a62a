import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ended, flowRunner } from "../../cli/binary.ts";
import { packFlowRunner } from "../../house/packed.ts";
import { run } from "./engine.ts";

const root = join(import.meta.dirname, "../../..");

/**
 * A project of somebody who has installed flow-runner as it is published. What flow-runner itself needs is the
 * checkout's: npm's part in it is tested elsewhere.
 */
export async function userProject(folder: string, files: Readonly<Record<string, string>>) {
  const project = join(folder, "project");
  const installed = join(project, "node_modules/flow-runner");
  await mkdir(installed, { recursive: true });
  const unpacked = await run("tar", ["-xzf", await packFlowRunner(), "--strip-components=1", "-C", installed]);
  if (unpacked.exitCode !== 0) throw new Error(unpacked.err);
  await symlink(join(root, "node_modules"), join(installed, "node_modules"), "junction");
  const all = { "package.json": '{"name":"user","private":true,"type":"module"}', ...files };
  for (const [path, content] of Object.entries(all)) await writeFile(join(project, path), content);
  const command = join(installed, "dist/cli/main.js");
  return {
    project,
    command,
    /** Runs the installed command, or a script of the project's. */
    run: (words: readonly string[], env: NodeJS.ProcessEnv, script = command): Promise<Ended> =>
      flowRunner(words, { script, env: { HOME: folder, ...env }, cwd: project }),
  };
}
