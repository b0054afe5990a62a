import { z } from "zod";
import type { CallOptions } from "../api.ts";
import { type RestClient, rejectedWith } from "./client/rest-client.ts";

const block = z.object({ data: z.looseObject({ value: z.unknown() }) });

/** The value of a Secret block. Undefined: there is none of that name. */
export async function secretBlock(client: RestClient, name: string, options?: CallOptions): Promise<unknown> {
  const path = `/block_types/slug/secret/block_documents/name/${encodeURIComponent(name)}?include_secrets=true`;
  try {
    const operation = `the request for Secret block "${name}"`;
    const { data } = await client.send({ operation, method: "GET", path, shape: block }, options);
    return data.value;
  } catch (error) {
    // A name that no block can have is 422.
    if (rejectedWith(error, 404, 422)) return undefined;
    throw error;
  }
}
