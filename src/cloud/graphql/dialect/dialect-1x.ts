import { fromWire1x, toWire1x } from "../../../state/wire/index.ts";
import type { Dialect } from "./dialect.ts";

/** Prefect 1.x: names in snake_case, at the address itself. */
export const dialect1x: Dialect = {
  name: "1.x",
  endpoint: (address) => address,
  headers: (tenantId) => ({
    // Some servers decide by it what a client understands.
    "X-PREFECT-CORE-VERSION": "1.4.1",
    ...(tenantId === null ? {} : { "X-PREFECT-TENANT-ID": tenantId }),
  }),
  spell: (name) => name,
  inputType: (mutation) => `${mutation}_input`,
  rows: {},
  lacks: new Set(),
  flowStateAnswer: "id status message",
  columns: {
    flowRun: "id name version parameters context scheduled_start_time heartbeat serialized_state",
    flow: "id name storage environment run_config settings",
    startableRun: "id name version heartbeat serialized_state run_config",
    registeredFlow: "id name version version_group_id",
    runnableFlow: "id name parameters flow_group { default_parameters }",
  },
  uncertainColumns: [],
  versionsRequired: false,
  taskHeartbeats: false,
  singleLogs: false,
  tasksRegistered: "apart",
  writeState: toWire1x,
  readState: fromWire1x,
};
