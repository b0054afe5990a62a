/**
 * What is neither a run nor a registration: who am I, secrets, limits, agents, artifacts, key-value pairs. Several of
 * them only Cloud had.
 */
export const operationsSdl = /* GraphQL */ `
  scalar JSON
  scalar DateTime
  scalar UUID

  type Query {
    hello: String
    api: api_info
    auth_info: auth_info
    "The value of a secret. Prefect Cloud only."
    secret_value(name: String!): JSON
    secret_names: [String!]!
    "Refused: this API has one key."
    auth_api_key: [auth_api_key!]!
    get_task_run_info(task_run_id: UUID!): task_run_info_payload
  }

  type Mutation {
    set_secret(input: set_secret_input!): success_payload
    delete_secret(input: delete_secret_input!): success_payload
    "How many task runs with this tag may be Running at once. Prefect Cloud only."
    update_task_tag_limit(input: update_task_tag_limit_input!): limit_payload
    delete_task_tag_limit(input: delete_task_tag_limit_input!): success_payload
    "How many flow runs with this label may be Running at once. This API's own; Cloud set it on its web page."
    update_flow_label_limit(input: update_flow_label_limit_input!): limit_payload
    delete_flow_label_limit(input: delete_flow_label_limit_input!): success_payload
    register_agent(input: register_agent_input!): agent_id_payload
    create_task_run_artifact(input: create_task_run_artifact_input!): task_run_artifact_id_payload
    update_task_run_artifact(input: update_task_run_artifact_input!): success_payload
    delete_task_run_artifact(input: delete_task_run_artifact_input!): success_payload
    "Prefect Cloud only."
    set_key_value(input: set_key_value_input!): key_value_id_payload
    delete_key_value(input: delete_key_value_input!): success_payload
    "Refused: this API has one tenant."
    create_tenant(input: create_tenant_input!): tenant_id_payload
    "Refused: this API has one key."
    create_api_key(input: create_api_key_input!): api_key_payload
    delete_api_key(input: delete_api_key_input!): success_payload
  }

  input set_secret_input { name: String!  value: JSON! }
  input delete_secret_input { name: String! }
  input update_task_tag_limit_input { tag: String!  limit: Int! }
  input update_flow_label_limit_input { label: String!  limit: Int! }
  input delete_task_tag_limit_input { limit_id: UUID! }
  input delete_flow_label_limit_input { limit_id: UUID! }
  input register_agent_input {
    type: String!
    tenant_id: UUID!
    name: String
    labels: [String!]
    agent_config_id: UUID
  }
  input create_task_run_artifact_input { task_run_id: UUID!  kind: String!  data: JSON!  tenant_id: UUID }
  input update_task_run_artifact_input { task_run_artifact_id: UUID!  data: JSON! }
  input delete_task_run_artifact_input { task_run_artifact_id: UUID! }
  input set_key_value_input { key: String!  value: JSON! }
  input delete_key_value_input { key_value_id: UUID! }
  input create_tenant_input { name: String!  slug: String! }
  input create_api_key_input { name: String!  user_id: UUID!  expires_at: DateTime }
  input delete_api_key_input { key_id: UUID! }

  type success_payload { success: Boolean  error: String }
  type limit_payload { id: UUID }
  type agent_id_payload { id: UUID }
  type task_run_artifact_id_payload { id: UUID }
  type key_value_id_payload { id: UUID }
  type tenant_id_payload { id: UUID }
  type api_key_payload { key: String }
  type auth_api_key { id: UUID  name: String  expires_at: DateTime }
  type auth_info { tenant_id: UUID  user_id: UUID  api_token_scope: String }
  type api_info { backend: String  mode: String  version: String  core_version: String  release_timestamp: String }
`;
