import { promisify } from "node:util";
import { z } from "zod";

/** The mutation that makes a version of a flow, less its input. */
export const flowCreation = {
  name: "create_flow_from_compressed_string",
  select: "id",
  row: z.object({ id: z.string() }),
  operation: "the registration of the flow",
};

/** Prefect's `compress`: base64 of the gzip of the JSON. */
export async function compressed(json: unknown): Promise<string> {
  const zlib = process.getBuiltinModule("node:zlib");
  const bytes = await promisify(zlib.gzip)(JSON.stringify(json));
  return bytes.toString("base64");
}
