import type { Difference } from "./difference.ts";
import { mapping } from "./mapping.ts";
import { states } from "./states.ts";
import { values } from "./values.ts";

export { translated } from "./difference.ts";

/** What we do otherwise than Prefect 1.4.1, on purpose. */
export const differences: readonly Difference[] = [...mapping, ...values, ...states];
