import type { PauseRequest } from "../../port/pauses.ts";

/** The names of the three inputs of a flow run that belong to a pause (Prefect 3: `keyset_from_paused_state`). */
export interface Keyset {
  readonly description: string;
  readonly response: string;
  readonly schema: string;
}

export function keysetOf({ suspend, key }: Pick<PauseRequest, "suspend" | "key">): Keyset {
  const base = `${suspend ? "suspended" : "paused"}-${key}`;
  return { description: `${base}-description`, response: `${base}-response`, schema: `${base}-schema` };
}
