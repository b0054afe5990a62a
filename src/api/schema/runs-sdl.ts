/** Flow runs, task runs, their states, heartbeats and logs: what a runner and an agent send. */
export const runsSdl = /* GraphQL */ `
  extend type Mutation {
    create_flow_run(input: create_flow_run_input!): flow_run_id_payload
    delete_flow_run(input: delete_flow_run_input!): success_payload
    set_flow_run_name(input: set_flow_run_name_input!): success_payload
    set_flow_run_labels(input: set_flow_run_labels_input!): success_payload
    set_task_run_name(input: set_task_run_name_input!): success_payload
    get_or_create_task_run(input: get_or_create_task_run_input!): task_run_id_payload
    get_or_create_task_run_info(input: get_or_create_task_run_info_input!): get_or_create_task_run_info_payload
    update_flow_run_heartbeat(input: update_flow_run_heartbeat_input!): success_payload
    update_task_run_heartbeat(input: update_task_run_heartbeat_input!): success_payload
    get_runs_in_queue(input: get_runs_in_queue_input!): runs_in_queue_payload
    set_flow_run_states(input: set_flow_run_states_input!): set_flow_run_states_payload
    set_task_run_states(input: set_task_run_states_input!): set_task_run_states_payload
    cancel_flow_run(input: cancel_flow_run_input!): cancel_flow_run_payload
    write_run_logs(input: write_run_logs_input!): success_payload
  }

  input create_flow_run_input {
    flow_id: UUID
    version_group_id: String
    parameters: JSON
    context: JSON
    labels: [String!]
    run_config: JSON
    scheduled_start_time: DateTime
    idempotency_key: String
    flow_run_name: String
  }
  input delete_flow_run_input { flow_run_id: UUID! }
  input set_flow_run_name_input { flow_run_id: UUID!  name: String! }
  input set_flow_run_labels_input { flow_run_id: UUID!  labels: [String!]! }
  input set_task_run_name_input { task_run_id: UUID!  name: String! }
  input get_or_create_task_run_input { flow_run_id: UUID!  task_id: UUID!  map_index: Int }
  input get_or_create_task_run_info_input { flow_run_id: UUID!  task_id: UUID!  map_index: Int }
  input update_flow_run_heartbeat_input { flow_run_id: UUID! }
  input update_task_run_heartbeat_input { task_run_id: UUID! }
  input get_runs_in_queue_input { tenant_id: UUID!  before: DateTime  labels: [String!] }
  input cancel_flow_run_input { flow_run_id: UUID! }

  input set_flow_run_states_input { states: [set_flow_run_state_input!]! }
  input set_flow_run_state_input { flow_run_id: UUID!  version: Int  state: JSON! }
  input set_task_run_states_input { states: [set_task_run_state_input!]! }
  input set_task_run_state_input { task_run_id: UUID!  version: Int  state: JSON!  flow_run_version: Int }

  enum log_level { DEBUG INFO WARNING ERROR CRITICAL }
  input write_run_logs_input { logs: [write_run_log_input!]! }
  input write_run_log_input {
    flow_run_id: UUID!
    task_run_id: UUID
    timestamp: DateTime
    name: String
    level: log_level
    message: String
    info: JSON
  }

  type flow_run_id_payload { id: UUID }
  type task_run_id_payload { id: UUID }
  type task_run_info_payload { id: UUID  version: Int  state: String  serialized_state: JSON }
  type get_or_create_task_run_info_payload { id: UUID  version: Int  state: String  serialized_state: JSON }
  type runs_in_queue_payload { flow_run_ids: [String!] }
  type set_flow_run_states_payload { states: [set_flow_run_state_payload!] }
  type set_flow_run_state_payload { id: UUID  status: String  message: String }
  type set_task_run_states_payload { states: [set_task_run_state_payload!] }
  type set_task_run_state_payload { id: UUID  status: String  message: String }
  type cancel_flow_run_payload { state: String }
`;
