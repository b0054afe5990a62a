import { flowRunner } from "../../cli/binary.ts";
import { docker, dockerDone } from "./engine.ts";

/**
 * The address of a server on this machine as a container on a network has to say it: the engine gives itself the network's
 * first address; the interface is down while no container runs.
 */
export async function seenFrom(network: string): Promise<(url: string) => string> {
  const subnet = await dockerDone("network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Subnet}}");
  const host = subnet.replace(/\.\d+\/\d+$/, ".1");
  return (url) => url.replace(/\/\/[^:/]+/, `//${host}`);
}

/** Runs a command of flow-runner's that a test only prepares with. */
export async function done(words: readonly string[], env: NodeJS.ProcessEnv, input = ""): Promise<string> {
  const { out, err, exitCode } = await flowRunner(words, { env, input });
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${err}`);
  return out.trim();
}

/** Takes an image away, with the containers of it. */
export async function removeImage(image: string): Promise<void> {
  const containers = await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`);
  for (const id of containers.out.split("\n").filter(Boolean)) await docker("rm", "--force", id);
  await docker("rmi", "--force", image);
}
