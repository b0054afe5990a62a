import type { Clock } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import { makeState, pending } from "../../state/index.ts";
import { fromWire3 } from "../../state/wire/index.ts";
import type { Api } from "../port/api.ts";
import type { CallOptions } from "../port/call.ts";
import type { TaskRunInfo } from "../port/flow-run-info.ts";
import type { HeldFlowState, HeldState } from "../port/held-state.ts";
import { withPause } from "../run/pauses/held-pause.ts";
import { cachedStates } from "./cache/cached-states.ts";
import type { RestClient } from "./client/rest-client.ts";
import { EventOutbox } from "./events/event-outbox.ts";
import { LostEvents } from "./events/lost-events.ts";
import { BodySlots } from "./limits/body-slots.ts";
import { DeploymentLease } from "./limits/deployment-lease.ts";
import { HeldSlots } from "./limits/held-slots.ts";
import { takeTaskSlots } from "./limits/take-task-slots.ts";
import { TaskSlots } from "./limits/task-slots.ts";
import { pausesApi } from "./pauses/pause-flow-run.ts";
import { fetchFlowRun, openFlowRun } from "./run/flow-run-info.ts";
import { sendHeartbeat } from "./run/heartbeat.ts";
import { writeLogs } from "./run/logs.ts";
import { OwnStates } from "./run/own-states.ts";
import { RetryPolicy } from "./run/retry-policy.ts";
import { setFlowState } from "./run/set-flow-state.ts";
import { submitBatch } from "./run/submit.ts";
import { createArtifact, updateArtifact } from "./run-artifacts.ts";
import { secretBlock } from "./secrets.ts";
import { subflowsApi } from "./subflows/start-deployment.ts";
import { taskRunsById } from "./task-runs/recorded-task-runs.ts";
import type { RunBook } from "./task-runs/run-book.ts";
import { setVariable, variable } from "./variables.ts";
import { watchFlowRun } from "./watch/watch-flow-run.ts";

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
  const books = new Map<string, RunBook>();

  /** A process that only delivers what another one has left has asked for no run before. */
  const bookOf = async (flowRunId: string, options?: CallOptions): Promise<RunBook> => {
    const known = books.get(flowRunId);
    if (known !== undefined) return known;
    const { book } = await openFlowRun(client, flowRunId, options);
    books.set(flowRunId, book);
    return book;
  };
  const knownBook = (flowRunId: string): RunBook => {
    const book = books.get(flowRunId);
    if (book === undefined) throw new TypeError(`Flow run ${flowRunId} was never asked for`);
    return book;
  };
  const flowRunState = async (flowRunId: string, options?: CallOptions): Promise<HeldFlowState> => {
    const row = await fetchFlowRun(client, flowRunId, options);
    // Whoever waits for a task for hours asks this now and then, and nothing else.
    await lost.tellAgain(books.values(), options);
    const { state } = row;
    if (state == null) return { state: pending(), version: 0, heartbeat: undefined };
    const read = withPause(fromWire3(state, `flow run ${flowRunId}`), row);
    return { state: own.marked(read, state), version: 0, heartbeat: undefined };
  };
  return {
    address: client.address,
    flowRunInfo: async (flowRunId, options) => {
      const { info, book, row } = await openFlowRun(client, flowRunId, options);
      books.set(flowRunId, book);
      if (row.state != null) own.found(row.state);
      retryPolicy.found(row);
      return info;
    },
    taskRunsOf: ({ id }, graph) => {
      const book = knownBook(id);
      book.plan(graph);
      retryPolicy.plan(graph);
      return taskRunsIn(book);
    },
    flowRunState,
    taskRunStates: async (ids, options) => {
      const known = (id: string) => [...books.values()].flatMap((book) => book.byId(id) ?? []).at(0);
      const rows = await taskRunsById(
        client,
        ids.filter((id) => known(id) === undefined),
        options,
      );
      for (const book of books.values()) book.remember(rows);
      return new Map(
        ids.flatMap((id): [string, HeldState][] => {
          const run = known(id);
          return run === undefined ? [] : [[id, { state: run.state, version: 0 }]];
        }),
      );
    },
    // Children need not be looked for: their task runs are made from what the API has of them.
    taskRunChildren: async () => [],
    cachedStates: (queries, options) => cachedStates(client, [...books.values()], queries, options),
    submit: async (batch, options = {}) => {
      const book = await bookOf(batch.flowRunId, options);
      const to = { client, clock, outbox, lost, book, own, retryPolicy, held, slots, bodySlots, lease, warn };
      return submitBatch(to, batch, options);
    },
    prefect3: {
      watch: (flowRunId, options) =>
        void watchFlowRun(client, flowRunId, { clock, reopened: () => lost.suspect(), ...options }),
      startOver: (flowRunId) => {
        const book = knownBook(flowRunId);
        book.startOver();
        return taskRunsIn(book);
      },
      keepFinished: (flowRunId) => knownBook(flowRunId).keepFinished(),
      get toldFlowState() {
        const { last } = own;
        return last === null ? null : { id: last.id, type: last.type, name: last.name ?? last.type };
      },
      createArtifact: (artifact, options) => createArtifact(client, artifact, options),
      updateArtifact: (id, change, options) => updateArtifact(client, id, change, options),
      variable: (name, options) => variable(client, name, options),
      setVariable: (change, options) => setVariable(client, change, options),
      takeSlots: (taskRunId, options) => {
        const book = [...books.values()].find((each) => each.byId(taskRunId) !== undefined);
        return book === undefined
          ? Promise.resolve(null)
          : takeTaskSlots({ slots, outbox, book, clock }, taskRunId, options);
      },
      takeBodySlots: (wanted, taskRunId) => bodySlots.take(wanted, taskRunId),
      giveBackBodySlots: (id) => bodySlots.giveBack(id),
      slotLost: lease.lost,
      ...pausesApi(client),
      ...subflowsApi(client),
    },
    heartbeat: async (flowRunId, options) =>
      sendHeartbeat(client, (await bookOf(flowRunId, options)).names, clock.now(), options),
    writeLogs: async (flowRunId, records, options) => {
      const book = books.get(flowRunId);
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
    flowByName: lacking("runs that are made from here"),
    createFlowRun: lacking("runs that are made from here"),
    close: () => {
      outbox.close();
      lease.stop();
      close();
    },
  };
}

const taskRunsIn = (book: RunBook): readonly TaskRunInfo[] =>
  book.tasks.map((slug) => {
    const { id, state } = book.taskRun(slug, null);
    // What is recorded there is the first child's.
    return { id, taskId: slug, slug, version: 0, state: book.isMapped(slug) ? book.mappedState(slug) : state };
  });

const lacking = (what: string) => async (): Promise<never> => {
  throw new FlowRunnerError("DIALECT_3_LACKS", { what });
};
