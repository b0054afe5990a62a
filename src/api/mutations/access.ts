import { Refusal } from "../rules/refusal.ts";
import type { Resolver } from "./context.ts";

/** This API has one tenant and one key, both from its start: who asks to make others is told so. */
export const refuseKeys: Resolver = () => {
  throw new Refusal("This API has one key, the one it was started with: there are none to make, list or revoke.");
};

const refuseTenants: Resolver = () => {
  throw new Refusal("This API has one tenant, made with its data file: others cannot be created.");
};

export const accessQueries: Readonly<Record<string, Resolver>> = {
  auth_info: (_, _args, { tenantId }) => ({ tenant_id: tenantId, user_id: null, api_token_scope: "RUNNER" }),
  auth_api_key: refuseKeys,
};

export const accessMutations: Readonly<Record<string, Resolver>> = {
  create_tenant: refuseTenants,
  create_api_key: refuseKeys,
  delete_api_key: refuseKeys,
};
