import type { Fault, FaultPlan, FaultRule } from "../../../src/testing/index.ts";
import { Random } from "../resume/random.ts";

/** What happens to one flow run, all of it by the seed. */
export interface Schedule {
  readonly faults: FaultPlan;
  /** The station whose task fails whatever is done about it; 0: none. */
  readonly broken: number;
  /** Bodies at a time. */
  readonly concurrency: number;
  /** The requests to the store whose connection ends, before or after they are done; by their number. */
  readonly store: ReadonlyMap<number, "arrived" | "done">;
  /** The requests to the store upon which the hosts of a container are killed; one list for each container. */
  readonly hostKills: readonly (readonly number[])[];
  /** How each container but the last ends. */
  readonly ends: readonly ContainerEnd[];
  /** When the API restarts in the first container's life, and how many milliseconds it is away. */
  readonly restarts: readonly { readonly at: Moment; readonly downFor: number }[];
}

/**
 * A moment in a container's life, by how much it has done, which does not depend on the machine: so many requests to the
 * store after its start (a run has about 130). Or milliseconds after its start, for what comes before the first of them.
 */
export type Moment = { readonly requests: number } | { readonly milliseconds: number };

export interface ContainerEnd {
  readonly signal: "SIGKILL" | "SIGTERM";
  readonly at: Moment;
}

export const stations = 28;

const operations = [
  ["set_task_run_states"],
  ["set_task_run_states", "get_or_create_task_run_info", "set_flow_run_states"],
  ["flow_run_by_pk", "task_run"],
  ["write_run_logs"],
  ["update_flow_run_heartbeat"],
];

/** Long enough for some of them to outlast the time that a request gets. */
const faultOf = (random: Random): Fault => {
  const milliseconds = random.between(10, 1_600);
  const kinds: readonly Fault[] = [
    { kind: "lost" },
    { kind: "lost" },
    { kind: "half" },
    { kind: "reset" },
    { kind: "late", milliseconds },
    { kind: "latency", milliseconds },
    { kind: "drip", pieces: 4, milliseconds: milliseconds / 4 },
    { kind: "status", status: [500, 502, 503, 504][random.between(0, 3)] ?? 500 },
    { kind: "status", status: 429, retryAfter: 1 },
    { kind: "page" },
    { kind: "error" },
    { kind: "hang" },
  ];
  return kinds[random.between(0, kinds.length - 1)] ?? { kind: "lost" };
};

export function scheduleOf(seed: number): Schedule {
  const random = new Random(seed);
  const several = <T>(most: number, make: () => T): T[] => Array.from({ length: random.between(0, most) }, make);
  const rules = several(6, (): FaultRule => {
    const of = operations[random.between(0, operations.length)];
    const rest = { times: random.between(1, 4), after: random.between(0, 5), probability: random.between(1, 4) / 5 };
    return { fault: [faultOf(random), faultOf(random)], ...rest, ...(of === undefined ? {} : { operations: of }) };
  });
  const moment = (): Moment =>
    random.next() < 0.8 ? { requests: random.between(1, 120) } : { milliseconds: random.between(100, 1_000) };
  const endOf = (): ContainerEnd => ({ signal: random.next() < 0.5 ? "SIGKILL" : "SIGTERM", at: moment() });
  const ends = random.next() < 0.6 ? several(2, endOf) : [];
  const hostKills = Array.from({ length: ends.length + 1 }, () =>
    random.next() < 0.5 ? several(2, () => random.between(1, 120)) : [],
  );
  const store = several(6, () => [random.between(1, 200), random.next() < 0.5 ? "arrived" : "done"] as const);
  const restarts = random.next() < 0.3 ? several(2, () => ({ at: moment(), downFor: random.between(0, 1_500) })) : [];
  const clockSkew = random.next() < 0.3 ? random.between(-3_600_000, 3_600_000) : 0;
  return {
    faults: { seed, rules, clockSkew },
    broken: random.next() < 0.25 ? random.between(1, stations) : 0,
    concurrency: random.between(2, 8),
    store: new Map(store),
    hostKills,
    ends,
    restarts,
  };
}
