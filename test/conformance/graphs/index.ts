import { caching } from "./caching/graphs.ts";
import { handlers } from "./handlers/graphs.ts";
import { loops } from "./loops/graphs.ts";
import { mapping } from "./mapping/graphs.ts";
import { parameters } from "./parameters/graphs.ts";
import { reducing } from "./reducing/graphs.ts";
import { references } from "./references/graphs.ts";
import { results } from "./results/graphs.ts";
import { resuming } from "./resuming/graphs.ts";
import { retries } from "./retries/graphs.ts";
import { shape } from "./shape/graphs.ts";
import { signalling } from "./signals/graphs.ts";
import { timeouts } from "./timeouts/graphs.ts";
import { triggering } from "./triggers/graphs.ts";

const values = [parameters, results, caching];
const ends = [signalling, triggering, references, handlers];
const again = [retries, loops, timeouts, resuming];

/** The whole table, by name: what is exported as the default is what the artifact holds. */
export default Object.fromEntries(
  [shape, mapping, reducing, ...values, ...ends, ...again].flat(2).map((flow) => [flow.name, flow]),
);
