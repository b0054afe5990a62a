import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { Project } from "../../port/registration.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { firstTenant } from "../tenant.ts";

const projects = z.object({ project: z.array(z.object({ id: z.string(), name: z.string() })) });

export async function projectByName(client: GraphqlClient, name: string): Promise<Project | null> {
  const query = `query { project(where: { name: { _eq: ${JSON.stringify(name)} } }) { id name } }`;
  const answer = await client.send({ operation: "the search for a project", query }, projects);
  return answer.project[0] ?? null;
}

const createdRow = z.object({ id: z.string() });

export async function createProject(
  client: GraphqlClient,
  name: string,
  description: string | undefined,
  tenantId: string | null,
): Promise<Project> {
  const existing = await projectByName(client, name);
  if (existing !== null) return existing;
  const input = {
    ...(client.dialect.lacks.has("create_project.tenant_id")
      ? {}
      : { tenant_id: tenantId ?? (await firstTenant(client)) }),
    name,
    ...(description === undefined ? {} : { description }),
  };
  try {
    const operation = "the creation of a project";
    const row = await client.mutate({ name: "create_project", input, select: "id", row: createdRow, operation });
    return { id: row.id, name };
  } catch (error) {
    // Somebody else was faster, or our own first answer was lost.
    const there =
      error instanceof FlowRunnerError && error.code === "API_REFUSED" ? await projectByName(client, name) : null;
    if (there === null) throw error;
    return there;
  }
}
