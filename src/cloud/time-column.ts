import { z } from "zod";
import { fromWireTime } from "../state/index.ts";

/** A time as a table has it; epoch milliseconds, null where there is none. */
export const timeColumn = z
  .string()
  .nullish()
  .transform((text) => (text == null ? null : fromWireTime(text)));
