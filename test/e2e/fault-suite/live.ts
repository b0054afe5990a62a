import type { Container } from "../resume/container.ts";
import type { World } from "../resume/world.ts";
import type { BrokenStore } from "./break-store.ts";
import { killHosts } from "./kill-hosts.ts";
import type { Moment, Schedule } from "./schedule.ts";

export interface Life {
  readonly schedule: Schedule;
  /** Which container of the run it is, from 0. */
  readonly nth: number;
  readonly store: BrokenStore;
  /** Is told what happens to it. */
  tell(what: string): void;
}

/** What was done to a container while it lived. */
export interface Lived {
  readonly hostKills: number;
  readonly isStopped: boolean;
}

/** Lets a container live as long as the schedule says. */
export async function live(world: World, container: Container, life: Life): Promise<Lived> {
  const { schedule, nth, store, tell } = life;
  let hostKills = 0;
  let isStopped = false;
  const timers: NodeJS.Timeout[] = [];
  const restarts: Promise<void>[] = [];
  const at = (moment: Moment, act: () => void): void => {
    const actIfAlive = (): unknown => container.alive && act();
    if ("requests" in moment) void store.after(moment.requests).then(actIfAlive);
    else timers.push(setTimeout(actIfAlive, moment.milliseconds));
  };
  const kill = (): void => {
    const hosts = killHosts(container.pid);
    tell(`loses its hosts ${hosts.join(", ")}`);
    hostKills += hosts.length;
  };
  for (const requests of schedule.hostKills[nth] ?? []) at({ requests }, kill);
  if (nth === 0)
    for (const restart of schedule.restarts)
      at(restart.at, () => void restarts.push(world.server.restart(restart.downFor)));
  const end = schedule.ends[nth];
  const act = (): void => {
    tell(`gets ${end?.signal}`);
    isStopped = end?.signal === "SIGTERM";
    if (isStopped) container.stop();
    else container.signal("SIGKILL");
  };
  if (end !== undefined) at(end.at, act);
  tell("begins");
  const { exitCode, signal } = await container.ended;
  tell(`ends with ${signal ?? exitCode}`);
  for (const timer of timers) clearTimeout(timer);
  await Promise.all(restarts);
  return { hostKills, isStopped };
}
