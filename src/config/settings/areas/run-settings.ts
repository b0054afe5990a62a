import { minute, row, second } from "../setting.ts";
import {
  count,
  duration,
  type HeartbeatMode,
  heartbeatMode,
  interval,
  type OnStopName,
  onStop,
  text,
} from "../value-kinds.ts";

/** Which run, and how it is driven. */
export const runSettings = {
  flowRunId: row<string | null>({
    names: ["PREFECT__CONTEXT__FLOW_RUN_ID", "PREFECT__FLOW_RUN_ID"],
    kind: text,
    verbatim: true,
    fallback: null,
    fallbackText: "required by execute",
    about:
      "The flow run to execute. An agent sets it; workers of Prefect 3 set the second name. Every other PREFECT__CONTEXT__NAME is in the run's context.",
  }),
  heartbeatInterval: row({
    names: ["PREFECT__CLOUD__HEARTBEAT_INTERVAL", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY"],
    kind: interval,
    fallback: 30 * second,
    about: "Time between two heartbeats of the run. The second name is Prefect 3's.",
  }),
  heartbeatMode: row<HeartbeatMode>({
    names: ["PREFECT__CLOUD__HEARTBEAT_MODE"],
    kind: heartbeatMode,
    fallback: "process",
    about:
      "off: one heartbeat at the start and no more; process and thread are the same here: the runner's own process beats.",
  }),
  cancellationInterval: row({
    names: ["PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL"],
    kind: interval,
    fallback: 15 * second,
    about: "How often the API is asked whether the run is to be cancelled.",
  }),
  queueInterval: row({
    names: ["PREFECT__CLOUD__QUEUE_INTERVAL"],
    kind: interval,
    fallback: 30 * second,
    about: "Wait before a run that a concurrency limit held back asks again.",
  }),
  concurrency: row({
    names: ["FLOW_RUNNER__CONCURRENCY"],
    kind: count,
    fallback: 32,
    about: "How many tasks run at the same time.",
  }),
  hostUser: row<string | null>({
    names: ["FLOW_RUNNER__HOST_USER"],
    kind: text,
    verbatim: true,
    fallback: null,
    fallbackText: "flow-code in an image that starts as root, else the runner's own",
    about:
      "User that the flow's code runs as: a name, 1000 or 1000:1000, where the container starts as root; root: as the runner itself. Another user cannot read the runner's memory and files, and has to be able to write where results go.",
  }),
  executor: row<string | null>({
    names: ["PREFECT__ENGINE__EXECUTOR__DEFAULT_CLASS"],
    kind: text,
    fallback: null,
    fallbackText: "LocalExecutor",
    about:
      "Executor of environments that name none, by name or Prefect's dotted path. One that needs an engine of its own (Dask) is refused.",
  }),
  hostHeap: row<number | null>({
    names: ["FLOW_RUNNER__HOST_HEAP"],
    kind: count,
    fallback: null,
    fallbackText: "from the container's memory limit",
    about:
      "How many MiB V8's heap may take in the process that runs the flow's code. Without a limit of the container: Node's own.",
  }),
  waitLimit: row({
    names: ["FLOW_RUNNER__WAIT_LIMIT"],
    kind: duration,
    fallback: 10 * minute,
    about: "A retry or queued start that is further away hands the run back to the API instead of waiting here.",
  }),
  takeoverAfter: row({
    names: ["FLOW_RUNNER__TAKEOVER_AFTER"],
    kind: duration,
    fallback: 60 * second,
    about: "Age of the last heartbeat from which a run that is Running elsewhere is taken over.",
  }),
  onStop: row<OnStopName | null>({
    names: ["FLOW_RUNNER__ON_STOP", "PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR"],
    kind: onStop,
    fallback: null,
    fallbackText: "fail; with Prefect 3: crash",
    about:
      "What SIGTERM and SIGINT make of the run: fail, Failed; crash, Crashed, and an exit code of 143; reschedule, Scheduled for another container, which runs again what was cut off, without a retry spent; relinquish, left as it is, with an exit code of 143, for infrastructure that starts the container again. The second name is that of Prefect 3's Kubernetes worker.",
  }),
  controlPort: row<number | null>({
    names: ["PREFECT__CONTROL_PORT"],
    kind: count,
    fallback: null,
    about:
      "Where the process worker of Prefect 3 that started this process tells it of a cancellation and hears how it has ended. The worker sets it.",
  }),
  controlToken: row<string | null>({
    names: ["PREFECT__CONTROL_TOKEN"],
    kind: text,
    verbatim: true,
    fallback: null,
    secret: true,
    about: "What this process shows that worker. Never shown, never given to the flow.",
  }),
  stopGrace: row({
    names: ["FLOW_RUNNER__STOP_GRACE"],
    kind: interval,
    fallback: 8 * second,
    about:
      "Time from SIGTERM or SIGINT to the end of the process. docker stop kills after ten seconds, Kubernetes after thirty.",
  }),
};
