import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";
import type { VariableFound } from "../../flow/index.ts";
import type { CallOptions } from "../port/call.ts";
import type { VariableChange } from "../port/prefect3.ts";
import { type RestClient, rejectedWith } from "./client/rest-client.ts";

const variableShape = z.object({ value: z.unknown() });
const pathOf = (name: string): string => `/variables/name/${encodeURIComponent(name)}`;

/** Null: there is none of that name. */
export async function variable(client: RestClient, name: string, options?: CallOptions): Promise<VariableFound | null> {
  try {
    const operation = `the question for variable "${name}"`;
    const { value } = await client.send(
      { operation, method: "GET", path: pathOf(name), shape: variableShape },
      options,
    );
    return { value };
  } catch (error) {
    if (rejectedWith(error, 404)) return null;
    throw error;
  }
}

/**
 * Makes a variable, or gives another value to the one that is there (Prefect 3: `Variable.set`).
 *
 * @throws FlowRunnerError `VARIABLE_EXISTS` without `overwrite`
 */
export async function setVariable(
  client: RestClient,
  { name, value, tags, overwrite }: VariableChange,
  options?: CallOptions,
): Promise<void> {
  const operation = `the change of variable "${name}"`;
  const body = { name, value, tags };
  const shape = z.unknown();
  const send = async (method: "POST" | "PATCH", path: string): Promise<void> => {
    try {
      await client.send({ operation, method, path, body, shape }, options);
    } catch (error) {
      if (!rejectedWith(error, 422)) throw error;
      throw new FlowRunnerError("VARIABLE_INVALID", { name, problem: error.details.problem });
    }
  };
  if ((await variable(client, name, options)) === null) {
    try {
      return await send("POST", "/variables/");
    } catch (error) {
      // Somebody else has made it meanwhile, or the answer to our own request was lost.
      if (!rejectedWith(error, 409)) throw error;
      const found = await variable(client, name, options);
      if (JSON.stringify(found?.value) === JSON.stringify(value)) return;
    }
  }
  if (!overwrite) throw new FlowRunnerError("VARIABLE_EXISTS", { name });
  await send("PATCH", pathOf(name));
}
