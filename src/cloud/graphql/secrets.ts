import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { CallOptions } from "../port/call.ts";
import type { GraphqlClient } from "./client/graphql-client.ts";

/** Prefect 1.x's API: "No value found for the requested key". */
const isUnknown = (error: unknown): boolean =>
  error instanceof FlowRunnerError && error.code === "API_REFUSED" && /no value found/i.test(error.message);

/** Undefined: there is no such secret. */
export async function secretValue(client: GraphqlClient, name: string, options: CallOptions = {}): Promise<unknown> {
  const field = client.dialect.spell("secret_value");
  const document = {
    operation: `the request for secret "${name}"`,
    query: `query($name: String!) { ${field}(name: $name) }`,
    variables: JSON.stringify({ name }),
  };
  try {
    const answer = await client.send(document, z.record(z.string(), z.unknown()), options);
    return answer[field] ?? undefined;
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

export async function setSecret(client: GraphqlClient, name: string, value: unknown): Promise<void> {
  const operation = `the change of secret "${name}"`;
  await client.mutate({ name: "set_secret", input: { name, value }, select: "success", row: z.unknown(), operation });
}

/** False: there was no such secret. */
export async function deleteSecret(client: GraphqlClient, name: string): Promise<boolean> {
  const operation = `the deletion of secret "${name}"`;
  try {
    await client.mutate({ name: "delete_secret", input: { name }, select: "success", row: z.unknown(), operation });
    return true;
  } catch (error) {
    if (isUnknown(error)) return false;
    throw error;
  }
}

export async function secretNames(client: GraphqlClient): Promise<readonly string[]> {
  const operation = "the list of secrets";
  client.require("secret_names", operation);
  const field = client.dialect.spell("secret_names");
  const document = { operation, query: `query { ${field} }` };
  const answer = await client.send(document, z.object({ [field]: z.array(z.string()) }));
  return answer[field] ?? [];
}
