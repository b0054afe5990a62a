import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");

/** With the checkout's own Node and tools first. */
export const packedEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
};

/**
 * Flow-runner packed as it is published; the base image is made of the same tarball.
 *
 * @returns the tarball
 */
export async function packFlowRunner(): Promise<string> {
  return (await promisify(execFile)(join(root, "scripts/pack"), { timeout: 290_000 })).stdout.trim();
}
