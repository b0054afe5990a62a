/** The variable that says it, in MiB. The host starts before the settings are read, which refuse what is no number. */
const setting = "FLOW_RUNNER__HOST_HEAP";

const mib = 1024 * 1024;
/** What the runner needs, and both processes beside V8's heap. */
const reserve = 96 * mib;
/** The rest is for Buffers, young objects and what native code takes. */
const share = 0.8;
const least = 48 * mib;

/** Flags of Node that say how large V8's heap may be. */
const heapFlag = /--max[-_](old[-_]space|heap)[-_]size/;

export interface HeapLimit {
  /** Bytes; null: it is left to Node. */
  readonly bytes: number | null;
  /** For the command line of the host. */
  readonly flags: readonly string[];
}

/**
 * How large V8's heap of a host may grow. Node's own limit fits neither a small container, which the kernel ends before
 * V8 collects its garbage, nor a large one, most of which it leaves unused.
 *
 * @param env - the host's environment; a limit in NODE_OPTIONS stays as it is
 * @param limit - the container's memory, bytes; null: it has no limit
 */
export function heapLimitFor(env: NodeJS.ProcessEnv, limit: number | null): HeapLimit {
  const asked = Number(env[setting]);
  if (Number.isInteger(asked) && asked > 0) return limited(asked * mib);
  if (heapFlag.test(env.NODE_OPTIONS ?? "") || limit === null) return { bytes: null, flags: [] };
  return limited(Math.max(least, (limit - reserve) * share));
}

function limited(bytes: number): HeapLimit {
  const whole = Math.floor(bytes / mib);
  return { bytes: whole * mib, flags: [`--max-old-space-size=${whole}`] };
}
