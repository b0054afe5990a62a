import type { GraphqlDialectName } from "../../../config/index.ts";
import type { Dialect } from "./dialect.ts";
import { dialect07 } from "./dialect-0.7.ts";
import { dialect1x } from "./dialect-1x.ts";

export const dialects: Readonly<Record<GraphqlDialectName, Dialect>> = { "0.7": dialect07, "1.x": dialect1x };
