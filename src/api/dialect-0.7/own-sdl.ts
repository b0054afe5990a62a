/**
 * What only Prefect 0.7 has, or has in another shape than 1.x. Its results keep the names of the database's columns,
 * except those of its login.
 */
export const ownSdl = /* GraphQL */ `
  scalar JSON
  scalar DateTime
  scalar UUID

  type Query {
    hello: String
    secretValue(name: String!): JSON
    authInfo: authInfo
    "Who asks: the one user of this API, of its one tenant."
    user: [user!]!
    "Refused: this API has one key."
    api_token: [api_token!]!
  }

  type Mutation {
    createProject(input: createProjectInput!): project_id_payload
    "One log entry; several in one request are writeRunLogs."
    writeRunLog(input: writeRunLogInput!): success_payload
    switchTenant(input: switchTenantInput!): accessPayload
    refreshToken(input: refreshTokenInput!): accessPayload
    "Refused: this API has one key."
    createAPIToken(input: createAPITokenInput!): apiTokenPayload
    "Refused: this API has one key."
    deleteAPIToken(input: deleteAPITokenInput!): success_payload
  }

  input createProjectInput { name: String!  description: String }
  input switchTenantInput { tenantId: UUID! }
  input refreshTokenInput { accessToken: String! }
  input createAPITokenInput { name: String!  role: String! }
  input deleteAPITokenInput { tokenId: UUID! }

  type authInfo { apiTokenScope: String  tenantId: UUID  userId: UUID }
  type user { default_membership: membership }
  type membership { tenant_id: uuid }
  type api_token { id: uuid  name: String }
  type apiTokenPayload { token: String }
  type accessPayload { accessToken: String  expiresAt: DateTime  refreshToken: String }

  extend type flow_run_id_payload { flow_run: flow_run }
  extend type task_run_id_payload { task_run: task_run }
`;
