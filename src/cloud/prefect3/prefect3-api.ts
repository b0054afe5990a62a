import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { makeState, pending } from "../../state/index.ts";
import { fromWire3 } from "../../state/wire/index.ts";
import type { Api } from "../port/api.ts";
import { withPause } from "../run/pauses/held-pause.ts";
import { cachedStates } from "./cache/cached-states.ts";
import type { RestClient } from "./client/rest-client.ts";
import { EventOutbox } from "./events/event-outbox.ts";
import { LostEvents } from "./events/lost-events.ts";
import { BodySlots } from "./limits/body-slots.ts";
import { DeploymentLease } from "./limits/deployment-lease.ts";
import { HeldSlots } from "./limits/held-slots.ts";
import { TaskSlots } from "./limits/task-slots.ts";
import { onlyPrefect3 } from "./only-prefect3.ts";
import { fetchFlowRun } from "./run/flow-run-info.ts";
import { sendHeartbeat } from "./run/heartbeat.ts";
import { writeLogs } from "./run/logs.ts";
import { OwnStates } from "./run/own-states.ts";
import { RetryPolicy } from "./run/retry-policy.ts";
import { RunBooks } from "./run/run-books.ts";
import { setFlowState } from "./run/set-flow-state.ts";
import { submitBatch } from "./run/submit.ts";
import { secretBlock } from "./secrets.ts";
import { taskRunsIn } from "./task-runs/task-runs-in.ts";

export interface Prefect3ApiOptions {
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  readonly close: () => void;
}

/** The port over REST, for an API of Prefect 3. */
export function prefect3Api(client: RestClient, { clock, warn, close }: Prefect3ApiOptions): Api {
  const outbox = new EventOutbox(client, clock);
  const lost = new LostEvents(client, warn);
  const own = new OwnStates();
  const retryPolicy = new RetryPolicy();
  const held = new HeldSlots({ client, clock, warn });
  const slots = new TaskSlots(held, clock);
  const bodySlots = new BodySlots({ client, clock, held });
  const lease = new DeploymentLease(client, clock);
  const books = new RunBooks(client);
  const parts = { client, clock, outbox, lost, own, retryPolicy, held, slots, bodySlots, lease, warn };
  return {
    address: client.address,
    flowRunInfo: async (flowRunId, options) => {
      const { info, row } = await books.open(flowRunId, options);
      if (row.state != null) own.found(row.state);
      retryPolicy.found(row);
      return info;
    },
    taskRunsOf: ({ id }, graph) => {
      const book = books.get(id);
      book.tasks.plan(graph);
      retryPolicy.plan(graph);
      return taskRunsIn(book);
    },
    flowRunState: async (flowRunId, options) => {
      const row = await fetchFlowRun(client, flowRunId, options);
      // Whoever waits for a task for hours asks this now and then, and nothing else.
      await lost.tellAgain(books.all, options);
      const { state } = row;
      if (state == null) return { state: pending(), version: 0, heartbeat: undefined };
      const read = withPause(fromWire3(state, `flow run ${flowRunId}`), row);
      return { state: own.marked(read, state), version: 0, heartbeat: undefined };
    },
    taskRunStates: (ids, options) => books.taskRunStates(ids, options),
    // Children need not be looked for: their task runs are made from what the API has of them.
    taskRunChildren: async () => [],
    cachedStates: (queries, options) => cachedStates(client, books.all, queries, options),
    submit: async (batch, options = {}) =>
      submitBatch({ ...parts, book: await books.of(batch.flowRunId, options) }, batch, options),
    prefect3: onlyPrefect3({ ...parts, books }),
    heartbeat: async (flowRunId, options) =>
      sendHeartbeat(client, (await books.of(flowRunId, options)).names, clock.now(), options),
    writeLogs: async (flowRunId, records, options) => {
      const book = books.find(flowRunId);
      const isTold = (id: string): boolean => book?.tellsOf(id) ?? true;
      await writeLogs(client, flowRunId, records, isTold, options);
      return [];
    },
    secretValue: (name, options) => secretBlock(client, name, options),
    cancelFlowRun: async (flowRunId) => {
      const state = makeState("Cancelling", "Cancelled by flow-runner.");
      const { ack } = await setFlowState(client, flowRunId, state, crypto.randomUUID());
      if (ack.status === "refused" && ack.current?.type !== "Cancelled")
        throw new FlowRunnerError("API_REFUSED", { operation: "the cancellation", problem: ack.reason });
    },
    setSecret: lacking("changes of secrets"),
    deleteSecret: lacking("changes of secrets"),
    secretNames: lacking("a list of secrets"),
    projectByName: lacking("projects"),
    createProject: lacking("projects"),
    registerFlow: lacking("a registration (deploy makes a deployment there)"),
    runnableFlow: lacking("runs that are made from here"),
    flowNames: lacking("runs that are made from here"),
    flowByName: lacking("runs that are made from here"),
    createFlowRun: lacking("runs that are made from here"),
    close: () => {
      outbox.close();
      lease.stop();
      close();
    },
  };
}

const lacking = (what: string) => async (): Promise<never> => {
  throw new FlowRunnerError("DIALECT_3_LACKS", { what });
};
