/** What is neither a run nor a registration: who am I, secrets, limits, agents. Several of them only Cloud had. */
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

  type success_payload { success: Boolean  error: String }
  type limit_payload { id: UUID }
  type agent_id_payload { id: UUID }
  type auth_info { tenant_id: UUID  user_id: UUID  api_token_scope: String }
  type api_info { backend: String  mode: String  version: String  core_version: String  release_timestamp: String }
`;
