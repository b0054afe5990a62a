import { z } from "zod";
import type { Kind } from "../../config/index.ts";
import { type StateType, stateTypes } from "../../state/index.ts";

/** A state as people write it: in any case, and by the names that Prefect 3 has for its ends. */
const byName: ReadonlyMap<string, StateType> = new Map([
  ...stateTypes.map((type) => [type.toLowerCase(), type] as const),
  ["completed", "Success"],
  ["crashed", "Failed"],
]);

/** A type of state, by which runs are looked for. */
export const stateKind: Kind<StateType> = {
  schema: z
    .string()
    .trim()
    .transform((name) => byName.get(name.toLowerCase()) ?? name)
    .pipe(z.enum(stateTypes)),
  allowed: `${stateTypes.join(", ")}, in any case; Completed is Success, Crashed is Failed`,
};
