import { readFileSync } from "node:fs";

/**
 * What to warn of where the flow's code could get at the API's key: once a run, and only where nobody has said that the
 * two are to have one user.
 *
 * @param key - null, empty: there is none
 * @param isApart - the flow's code has a user of its own, whom the kernel keeps from all that is the runner's
 * @returns null: nothing
 */
export function keyWarning(key: string | null, isApart: boolean, isWanted: boolean): string | null {
  if (key === null || key === "" || isApart) return null;
  return exposedKey(key) ?? (isWanted ? null : sharedUser);
}

const sharedUser =
  "The flow's code runs as the same user as the runner, and code that sets out to could read the API key from its memory. Start the container as root, where an image of flow-runner's gives the flow's code a user of its own, or name one by FLOW_RUNNER__HOST_USER; SECURITY.md says more.";

/**
 * What to warn of where the container's first process was started with the API's key in its environment, which the
 * runner can keep out of its own only: an agent has put a shell in the place of the image's ENTRYPOINT.
 *
 * @param environ - that process's environment, as the kernel shows it to the same user
 * @returns null: it does not show the key
 */
export function exposedKey(key: string | null, environ = "/proc/1/environ"): string | null {
  if (key === null || key === "" || process.pid === 1) return null;
  try {
    if (!readFileSync(environ, "utf8").includes(key)) return null;
  } catch {
    // Not Linux, or another user's.
    return null;
  }
  return "The flow's code can read the API key: the container's first process has it in its environment (/proc/1/environ). Start the image by its own ENTRYPOINT, or give the flow's code a user of its own (FLOW_RUNNER__HOST_USER).";
}
