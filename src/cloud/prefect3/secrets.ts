import { z } from "zod";
import type { CallOptions } from "../port/call.ts";
import { type RestClient, rejectedWith } from "./client/rest-client.ts";

const blockShape = z.object({ data: z.looseObject({ value: z.unknown() }) });

/** Prefect 3: lowercase letters, digits and dashes. */
const blockName = (name: string): string => name.toLowerCase().replaceAll("_", "-");

/**
 * The value of a Secret block: of `DB_PASSWORD`, which no block can be called, that of `db-password`. Undefined: there is none.
 */
export async function secretBlock(client: RestClient, name: string, options?: CallOptions): Promise<unknown> {
  const block = blockName(name);
  const path = `/block_types/slug/secret/block_documents/name/${encodeURIComponent(block)}?include_secrets=true`;
  try {
    const operation = `the request for Secret block "${block}"`;
    const { data } = await client.send({ operation, method: "GET", path, shape: blockShape }, options);
    return data.value;
  } catch (error) {
    // A name that no block can have is 422.
    if (rejectedWith(error, 404, 422)) return undefined;
    throw error;
  }
}
