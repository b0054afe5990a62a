import { readFileSync } from "node:fs";
import { FlowRunnerError } from "../../../errors/index.ts";

/** A user of its own for the flow's code. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
  /** What the flow's code expects of the user it runs as, and what it would take from `HOME` and is the runner's. */
  readonly env: NodeJS.ProcessEnv;
}

/** The setting. Read here and not with the others, since the host is started before they are. */
const setting = "FLOW_RUNNER__HOST_USER";
/** The user that the base image has for it. */
const imageUser = "flow-code";

/**
 * The user that the flow's code runs as: the one that `FLOW_RUNNER__HOST_USER` names (`node`, `1000` or `1000:1000`),
 * else, where the runner is root and may change its user, `flow-code` of the base image.
 *
 * @returns null: the runner's own user
 * @throws FlowRunnerError `HOST_USER_REFUSED`
 */
export function hostUser(env: NodeJS.ProcessEnv): HostUser | null {
  const wanted = env[setting]?.trim() ?? "";
  const uid = process.getuid?.();
  if (wanted === "") {
    const user = uid === 0 ? lookUp(imageUser, env) : null;
    return user !== null && mayBecome(user.uid) ? user : null;
  }
  const user = lookUp(wanted, env);
  if (user === null)
    throw new FlowRunnerError("HOST_USER_REFUSED", { user: wanted, reason: "/etc/passwd names no such user" });
  if (uid === user.uid) return null;
  if (uid === 0) return user;
  throw new FlowRunnerError("HOST_USER_REFUSED", {
    user: wanted,
    reason: "only a runner that is root can give it one",
  });
}

/** A name of `/etc/passwd`, an id, or both; null: there is no such user. */
function lookUp(wanted: string, runner: NodeJS.ProcessEnv): HostUser | null {
  const [name = "", group] = wanted.split(":");
  const [login, , uid = name, gid = uid, , home] =
    read("/etc/passwd")
      .split("\n")
      .map((line) => line.split(":"))
      .find(([login, , uid]) => login === name || uid === name) ?? [];
  const ids = { uid: Number(uid), gid: Number(group ?? gid) };
  if (![ids.uid, ids.gid].every((id) => Number.isInteger(id) && id >= 0)) return null;
  const folder = runner.PREFECT__HOME_DIR ?? (runner.HOME === undefined ? undefined : `${runner.HOME}/.prefect`);
  const own = login === undefined ? {} : { HOME: home, USER: login, LOGNAME: login };
  return { ...ids, env: { ...own, PREFECT__HOME_DIR: folder, [setting]: login ?? String(ids.uid) } };
}

/** CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID, CAP_SETUID: what it takes to start, look after and end such a host. */
const capabilities = [0, 1, 5, 6, 7];

/** Root may have been left without rights (`--cap-drop ALL`), or without other users (a user namespace). */
function mayBecome(uid: number): boolean {
  const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(read("/proc/self/status")) ?? [];
  if (effective === undefined) return false;
  const has = BigInt(`0x${effective}`);
  const isMapped = read("/proc/self/uid_map")
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first = 0, , count = 0]) => uid >= first && uid < first + count);
  return isMapped && capabilities.every((bit) => (has >> BigInt(bit)) & 1n);
}

/** Nothing where there is no such file: an image from nothing, macOS, Windows. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
