import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import type { CallOptions } from "../../port/call.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";

const scopeAnswer = z.object({ authInfo: z.object({ apiTokenScope: z.string().nullish() }).nullish() });

/**
 * Prefect 0.7: an agent works with a token of the scope RUNNER only.
 *
 * @throws FlowRunnerError `TOKEN_SCOPE_WRONG`, and those of `Api`
 */
export async function checkTokenScope(client: GraphqlClient, options?: CallOptions): Promise<void> {
  const operation = "the question about the token's scope";
  const answer = await client.send({ operation, query: "query { authInfo { apiTokenScope } }" }, scopeAnswer, options);
  const scope = answer.authInfo?.apiTokenScope ?? "none";
  if (scope !== "RUNNER") throw new FlowRunnerError("TOKEN_SCOPE_WRONG", { scope, url: client.address });
}
