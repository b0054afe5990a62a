/** Projects, flows, tasks, edges, schedules: what a deployment sends. */
export const registrationSdl = /* GraphQL */ `
  extend type Mutation {
    create_project(input: create_project_input!): project_id_payload
    delete_project(input: delete_project_input!): success_payload
    create_flow(input: create_flow_input!): flow_id_payload
    create_flow_from_compressed_string(input: create_flow_from_compressed_string_input!): flow_id_payload
    register_tasks(input: register_tasks_input!): success_payload
    register_edges(input: register_edges_input!): success_payload
    "success is false where the flow has no schedule"
    set_schedule_active(input: set_schedule_active_input!): success_payload
    set_schedule_inactive(input: set_schedule_inactive_input!): success_payload
    "takes the place of the flow's own schedule"
    set_flow_group_schedule(input: set_flow_group_schedule_input!): success_payload
    delete_flow_group_schedule(input: delete_flow_group_schedule_input!): success_payload
    archive_flow(input: archive_flow_input!): success_payload
    delete_flow(input: delete_flow_input!): success_payload
  }

  input create_project_input { tenant_id: UUID!  name: String!  description: String }
  input delete_project_input { project_id: UUID! }
  input create_flow_input {
    serialized_flow: JSON!
    project_id: UUID!
    version_group_id: String
    set_schedule_active: Boolean
    description: String
    idempotency_key: String
  }
  input create_flow_from_compressed_string_input {
    "base64 of gzip of the flow's JSON"
    serialized_flow: String!
    project_id: UUID!
    version_group_id: String
    set_schedule_active: Boolean
    description: String
    idempotency_key: String
  }
  input register_tasks_input { flow_id: UUID!  serialized_tasks: JSON! }
  input register_edges_input { flow_id: UUID!  serialized_edges: JSON! }
  input set_schedule_active_input { flow_id: UUID! }
  input set_schedule_inactive_input { flow_id: UUID! }
  input set_flow_group_schedule_input { flow_group_id: UUID!  clocks: [JSON!]!  timezone: String }
  input delete_flow_group_schedule_input { flow_group_id: UUID! }
  input archive_flow_input { flow_id: UUID! }
  input delete_flow_input { flow_id: UUID! }

  type project_id_payload { id: UUID }
  type flow_id_payload { id: UUID }
`;
