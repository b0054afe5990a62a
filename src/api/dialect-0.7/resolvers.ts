import { toWireTime } from "../../state/index.ts";
import { refuseKeys } from "../mutations/access.ts";
import type { RequestContext, Resolver } from "../mutations/context.ts";
import { secretQueries } from "../mutations/secrets.ts";
import { entityById } from "../query/resolvers.ts";
import { Refusal } from "../rules/refusal.ts";
import type { Resolvers } from "../schema/build.ts";
import { camelCase, sharedMutations } from "./operations.ts";
import { through1x } from "./through-1x.ts";

/** How long a client keeps what it was given for a tenant before it asks for it again, milliseconds. */
const accessFor = 24 * 3_600_000;

/** The resolvers of what is no entity. */
export const resolversOf07 = (): Resolvers<RequestContext> => ({
  Query: {
    hello: () => "👋",
    secretValue: secretQueries.secret_value,
    authInfo: (_, _args, { tenantId }) => ({ apiTokenScope: "RUNNER", tenantId, userId: null }),
    user: (_, _args, { tenantId }) => [{ default_membership: { tenant_id: tenantId } }],
    api_token: refuseKeys,
  },
  Mutation: {
    ...Object.fromEntries(sharedMutations.map((name) => [camelCase(name), through1x(name)])),
    createProject: through1x("create_project", (input, { tenantId }) => ({ ...input, tenant_id: tenantId })),
    writeRunLog: through1x("write_run_logs", (log) => ({ logs: [log] })),
    switchTenant,
    refreshToken: (_, _args, context) => access(context),
    createAPIToken: refuseKeys,
    deleteAPIToken: refuseKeys,
  },
  flow_run_id_payload: { flow_run: entityById("flow_run") },
  task_run_id_payload: { task_run: entityById("task_run") },
});

function switchTenant(...[, { input }, context]: Parameters<Resolver>): object {
  if (input.tenantId !== context.tenantId) throw new Refusal(`There is no tenant ${input.tenantId}.`);
  return access(context);
}

/** Who has come this far has the key, which is all that there is; without one, a client goes on with what it has. */
const access = ({ key, now }: RequestContext): object => ({
  accessToken: key,
  refreshToken: key,
  expiresAt: toWireTime(now() + accessFor),
});
