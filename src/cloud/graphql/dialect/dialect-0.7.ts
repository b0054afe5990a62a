import { endpoint07 } from "../../../config/index.ts";
import { fromWire07, toWire07 } from "../../../state/wire/index.ts";
import type { Dialect } from "./dialect.ts";

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Operations that 0.7 has under another name than 1.x's in camelCase. */
const renamed: Readonly<Record<string, string>> = { get_or_create_task_run_info: "getOrCreateTaskRun" };

const spell = (name: string): string => renamed[name] ?? camelCase(name);

/**
 * Prefect 0.7 to 0.9: names in camelCase, at `/graphql/alpha` below the address; a token in place of key and tenant.
 *
 * Source: what `prefect.Client`, the agents and the commands of 0.7.0 send and select.
 */
export const dialect07: Dialect = {
  name: "0.7",
  endpoint: (address) => (address.endsWith(endpoint07) ? address : `${address}${endpoint07}`),
  headers: () => ({}),
  spell,
  inputType: (mutation) => `${spell(mutation)}Input`,
  rows: { create_flow_run: "flow_run", get_or_create_task_run_info: "task_run" },
  lacks: new Set([
    "cancel_flow_run",
    "register_agent",
    "secret_names",
    "create_project.tenant_id",
    "create_flow_run.version_group_id",
    "create_flow_run.labels",
    "create_flow_run.run_config",
    "create_flow_run.flow_run_name",
    "set_task_run_states.flow_run_version",
    "create_flow_from_compressed_string.version_group_id",
    "create_flow_from_compressed_string.idempotency_key",
  ]),
  flowStateAnswer: "id",
  columns: {
    flowRun: "id name version parameters context scheduled_start_time heartbeat serialized_state",
    flow: "id name storage environment",
    startableRun: "id name version heartbeat serialized_state",
    registeredFlow: "id name version",
    runnableFlow: "id name parameters",
  },
  // Nothing of 0.7.0's own asks for it, and the sources of its API were never published.
  uncertainColumns: ["heartbeat"],
  versionsRequired: true,
  taskHeartbeats: true,
  singleLogs: true,
  tasksRegistered: "with the flow",
  writeState: (state) => toWire07(state),
  readState: (json, owner) => fromWire07(json, owner),
};
