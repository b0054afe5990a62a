import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { CallOptions } from "../api.ts";
import type { GraphqlClient } from "./graphql-client.ts";

const valueAnswer = z.object({ secret_value: z.unknown() });
const namesAnswer = z.object({ secret_names: z.array(z.string()) });
const anyAnswer = z.record(z.string(), z.unknown());

/** Prefect 1.x's API: "No value found for the requested key". */
const isUnknown = (error: unknown): boolean =>
  error instanceof FlowRunnerError && error.code === "API_REFUSED" && /no value found/i.test(error.message);

/** Undefined: there is no such secret. */
export async function secretValue(client: GraphqlClient, name: string, options: CallOptions = {}): Promise<unknown> {
  const document = {
    operation: `the request for secret "${name}"`,
    query: "query($name: String!) { secret_value(name: $name) }",
    variables: JSON.stringify({ name }),
  };
  try {
    const answer = await client.send(document, valueAnswer, options);
    return answer.secret_value ?? undefined;
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

export async function setSecret(client: GraphqlClient, name: string, value: unknown): Promise<void> {
  await client.send(
    {
      operation: `the change of secret "${name}"`,
      query: "mutation($input: set_secret_input!) { set_secret(input: $input) { success } }",
      variables: JSON.stringify({ input: { name, value } }),
    },
    anyAnswer,
  );
}

/** False: there was no such secret. */
export async function deleteSecret(client: GraphqlClient, name: string): Promise<boolean> {
  const document = {
    operation: `the deletion of secret "${name}"`,
    query: "mutation($input: delete_secret_input!) { delete_secret(input: $input) { success } }",
    variables: JSON.stringify({ input: { name } }),
  };
  try {
    await client.send(document, anyAnswer);
    return true;
  } catch (error) {
    if (isUnknown(error)) return false;
    throw error;
  }
}

export async function secretNames(client: GraphqlClient): Promise<readonly string[]> {
  const answer = await client.send({ operation: "the list of secrets", query: "query { secret_names }" }, namesAnswer);
  return answer.secret_names;
}
