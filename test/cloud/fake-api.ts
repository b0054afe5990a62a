import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type FieldNode, Kind, parse, valueFromASTUntyped } from "graphql";
import type { DialectName } from "../../src/config/index.ts";
import type { WireState1x } from "../../src/state/wire/index.ts";

type Json = Record<string, unknown>;

/** What the next request meets. */
export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** The connection is closed before anything is done. */
  | { readonly kind: "reset" }
  /** Everything is done, and the connection is closed before the answer. */
  | { readonly kind: "lost" }
  /** Everything is done, and the connection is closed in the middle of the answer. */
  | { readonly kind: "torn" }
  /** Nothing is done, and no answer comes. */
  | { readonly kind: "hang" }
  /** Everything is done, and the server closes its side of the connection without an answer. */
  | { readonly kind: "half-closed" }
  /** Everything is done, and this is answered. */
  | { readonly kind: "text"; readonly body: string }
  /** The document as a whole is refused. */
  | { readonly kind: "invalid"; readonly message: string; readonly code?: string; readonly status?: number };

export interface FakeTaskRun {
  readonly id: string;
  readonly taskId: string;
  readonly slug: string;
  readonly mapIndex: number;
  version: number;
  state: WireState1x | { type: string; message: string };
  readonly history: string[];
}

export interface FakeRequest {
  readonly fields: readonly string[];
  readonly query: string;
  readonly variables: Json | null;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

export class Refusal extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** A server of Prefect 1.x's or 0.7's wire, in memory, that fails as it is told. */
export class FakeApi {
  readonly requests: FakeRequest[] = [];
  readonly logs: Json[] = [];
  readonly secrets = new Map<string, unknown>();
  readonly taskRuns = new Map<string, FakeTaskRun>();
  readonly flowRun = {
    id: "fr-1",
    version: 2,
    state: { type: "Submitted", message: "s" } as Json,
    history: [] as string[],
  };
  readonly registered: { flow: Json; tasks: unknown[]; edges: unknown[]; active: boolean }[] = [];
  readonly projects: { id: string; name: string }[] = [];
  readonly settings: Json = {};
  heartbeats = 0;
  readonly taskHeartbeats: string[] = [];
  /** What servers of 0.7 have or not. */
  readonly knows = { logLists: true, heartbeatColumn: true };
  readonly dialect: DialectName;
  /** Whether it refuses a version that is not in force, as Prefect's Cloud did and its Server does not. */
  locks = true;
  /** One for each request to come. */
  readonly faults: Fault[] = [];
  /** Met by every request that has no fault of its own. */
  faultOf: (request: FakeRequest) => Fault | null = () => null;
  /** Why a state is not stored; null: it is. */
  refuse: (item: Json) => Refusal | null = () => null;
  status: (item: Json) => string = () => "SUCCESS";
  /** Of 0.7's logs one by one. */
  refuseLog: (log: Json) => boolean = () => false;
  connections = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(tasks: readonly string[] = ["add-1"], dialect: DialectName = "1.x") {
    this.dialect = dialect;
    for (const slug of tasks) this.#addTaskRun(`t-${slug}`, slug, -1);
    this.#server.on("connection", (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** From here on connections are refused, until `listen`. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Closes the connections that are kept, as a server does after a while of silence. */
  closeKeptConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  fieldsOf(name: string): FakeRequest[] {
    return this.requests.filter(({ fields }) => fields.includes(name));
  }

  run(slug: string, mapIndex = -1): FakeTaskRun {
    const found = [...this.taskRuns.values()].find((run) => run.slug === slug && run.mapIndex === mapIndex);
    if (found === undefined) throw new Error(`no task run ${slug}[${mapIndex}]`);
    return found;
  }

  #addTaskRun(taskId: string, slug: string, mapIndex: number): FakeTaskRun {
    const id = mapIndex === -1 ? `tr-${slug}` : `tr-${slug}-${mapIndex}`;
    const state = { type: "Pending", message: "Task run created" };
    const run: FakeTaskRun = { id, taskId, slug, mapIndex, version: 0, state, history: [] };
    this.taskRuns.set(id, run);
    return run;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { query, variables } = JSON.parse(body.toString("utf8")) as { query: string; variables: string };
    const [operation] = parse(query).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("no operation");
    const fields = operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
    const seen: FakeRequest = {
      fields: [...new Set(fields.map((field) => field.name.value))],
      query,
      variables: JSON.parse(variables) as Json | null,
      headers: request.headers,
      bytes: body.length,
    };
    this.requests.push(seen);
    if (this.dialect === "0.7" && request.url !== "/graphql/alpha") {
      response.writeHead(404);
      return void response.end("not found");
    }
    const invalid = this.#invalid(fields, query);
    if (invalid !== null) {
      response.writeHead(400, { "Content-Type": "application/json" });
      return void response.end(JSON.stringify({ errors: [{ message: invalid }] }));
    }
    const fault = this.faults.shift() ?? this.faultOf(seen);
    if (fault?.kind === "reset") return void request.socket.destroy();
    if (fault?.kind === "hang") return;
    if (fault?.kind === "status") {
      response.writeHead(fault.status, fault.headers);
      return void response.end(fault.body ?? "");
    }
    if (fault?.kind === "invalid") {
      response.writeHead(fault.status ?? 400, { "Content-Type": "application/json" });
      const extensions = fault.code === undefined ? {} : { extensions: { code: fault.code } };
      return void response.end(JSON.stringify({ errors: [{ message: fault.message, ...extensions }] }));
    }
    const answer = JSON.stringify(this.#execute(fields, seen.variables ?? {}));
    if (fault?.kind === "lost") return void request.socket.destroy();
    if (fault?.kind === "half-closed") return void request.socket.end();
    if (fault?.kind === "torn") {
      response.writeHead(200, { "Content-Length": String(answer.length) });
      response.write(answer.slice(0, answer.length / 2), () => request.socket.destroy());
      return;
    }
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(fault?.kind === "text" ? fault.body : answer);
  }

  /** One field after the other; one that fails is null and the later ones are done all the same. */
  #execute(fields: readonly FieldNode[], variables: Json): Json {
    const data: Json = {};
    const errors: Json[] = [];
    for (const field of fields) {
      const alias = field.alias?.value ?? field.name.value;
      const args: Json = {};
      for (const arg of field.arguments ?? []) args[arg.name.value] = valueFromASTUntyped(arg.value, variables);
      try {
        data[alias] = this.#resolveAs(field.name.value, args);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        data[alias] = null;
        const extensions = error.code === undefined ? {} : { extensions: { code: error.code } };
        errors.push({ message: error.message, path: [alias], ...extensions });
      }
    }
    return errors.length === 0 ? { data } : { data, errors };
  }

  /** Why a document is refused as a whole. */
  #invalid(fields: readonly FieldNode[], query: string): string | null {
    if (this.dialect === "1.x") return null;
    const isMutation = query.startsWith("mutation");
    const unknown = fields.find(
      ({ name: { value: name } }) =>
        (isMutation && name.includes("_")) || (name === "writeRunLogs" && !this.knows.logLists),
    );
    if (unknown !== undefined) return `Cannot query field "${unknown.name.value}" on type "Mutation".`;
    if (this.knows.heartbeatColumn || !/\bheartbeat\b/.test(query)) return null;
    return `field "heartbeat" not found in type: 'flow_run'`;
  }

  /** 0.7 differs in its names, and in two answers. */
  #resolveAs(field: string, args: Json): unknown {
    if (this.dialect === "1.x") return this.#resolve(field, args);
    const name = snakeCase(field);
    const input = args.input === undefined ? {} : { input: snakeKeys(args.input) };
    if (name === "get_or_create_task_run") {
      return { task_run: this.#resolve("get_or_create_task_run_info", { ...args, ...input }) };
    }
    const row = this.#resolve(name, { ...args, ...input });
    return name === "create_flow_run" ? { flow_run: row } : row;
  }

  #resolve(field: string, args: Json): unknown {
    const input = (args.input ?? {}) as Json;
    switch (field) {
      case "flow_run_by_pk":
        return args.id === this.flowRun.id ? this.#flowRunRow() : null;
      case "get_or_create_task_run_info":
        return this.#getOrCreate(input);
      case "set_task_run_states":
        return this.#setList(input, (item) => this.#setTaskState(item));
      case "set_flow_run_states":
        return this.#setList(input, (item) => this.#setFlowState(item));
      case "task_run":
        return this.#findTaskRuns(args.where as Record<string, Json>);
      case "update_flow_run_heartbeat":
        this.heartbeats += 1;
        return { success: true };
      case "update_task_run_heartbeat":
        this.taskHeartbeats.push(String(input.task_run_id));
        return { success: true };
      case "flow_run":
        return [{ id: this.flowRun.id, version: this.flowRun.version }];
      case "write_run_log":
        if (this.refuseLog(input)) throw new Refusal("Task run not found");
        this.logs.push(input);
        return { success: true };
      case "write_run_logs":
        this.logs.push(...(input.logs as Json[]));
        return { success: true };
      case "secret_value":
        if (!this.secrets.has(String(args.name))) throw new Refusal("No value found for the requested key");
        return this.secrets.get(String(args.name));
      case "set_secret":
        this.secrets.set(String(input.name), input.value);
        return { success: true };
      case "delete_secret":
        return { success: this.secrets.delete(String(input.name)) };
      case "secret_names":
        return [...this.secrets.keys()];
      default:
        return this.#resolveRegistration(field, args, input);
    }
  }

  #resolveRegistration(field: string, args: Json, input: Json): unknown {
    const last = this.registered.at(-1);
    switch (field) {
      case "project": {
        const { name } = args.where as { name: { _eq: string } };
        return this.projects.filter((project) => project.name === name._eq);
      }
      case "tenant":
        return [{ id: "t-only" }];
      case "create_project": {
        const name = String(input.name);
        if (this.projects.some((project) => project.name === name)) throw new Refusal("Uniqueness violation.");
        this.projects.push({ id: `p-${name}`, name });
        return { id: `p-${name}` };
      }
      case "create_flow_from_compressed_string": {
        const known = this.registered.findIndex(({ flow }) => flow.idempotency_key === input.idempotency_key);
        if (known === -1) this.registered.push({ flow: input, tasks: [], edges: [], active: false });
        return { id: `flow-${known === -1 ? this.registered.length - 1 : known}` };
      }
      case "register_tasks":
        last?.tasks.push(...(input.serialized_tasks as unknown[]));
        return { success: true };
      case "register_edges":
        last?.edges.push(...(input.serialized_edges as unknown[]));
        return { success: true };
      case "set_schedule_active":
        if (last !== undefined) last.active = true;
        return { success: true };
      case "flow":
        return [];
      case "flow_by_pk":
        return { id: args.id, name: "weather", version: 1, version_group_id: "g-1" };
      case "create_flow_run":
        return { id: `run-of-${String(input.flow_id ?? input.version_group_id)}` };
      default:
        throw new Refusal(`Cannot query field '${field}'`);
    }
  }

  #flowRunRow(): Json {
    return {
      id: this.flowRun.id,
      name: "brave-bear",
      version: this.flowRun.version,
      parameters: { day: 1 },
      context: null,
      ...(this.knows.heartbeatColumn ? { heartbeat: this.heartbeats > 0 ? "2026-01-02T03:05:00+00:00" : null } : {}),
      scheduled_start_time: "2026-01-02T03:04:05.5+00:00",
      serialized_state: this.flowRun.state,
      flow: {
        id: "f-1",
        name: "basic",
        storage: { type: "Docker" },
        environment: null,
        run_config: { type: "DockerRun" },
        settings: this.settings,
        project: { id: "p-1", name: "demo" },
      },
      task_runs: [...this.taskRuns.values()].filter(({ mapIndex }) => mapIndex === -1).map(taskRunRow),
    };
  }

  #getOrCreate({ task_id: taskId, map_index: mapIndex }: Json): Json {
    const parent = [...this.taskRuns.values()].find((run) => run.taskId === taskId);
    if (parent === undefined) throw new Refusal(`Task ${String(taskId)} not found`);
    const index = Number(mapIndex);
    const id = `tr-${parent.slug}-${index}`;
    return taskRunRow(this.taskRuns.get(id) ?? this.#addTaskRun(parent.taskId, parent.slug, index));
  }

  #findTaskRuns(where: Record<string, Json>): Json[] {
    if (where.state !== undefined) return [];
    const ids = where.id?._in as string[] | undefined;
    const [first, end] = [Number(where.map_index?._gte), Number(where.map_index?._lt)];
    return [...this.taskRuns.values()]
      .filter((run) =>
        ids === undefined
          ? run.taskId === where.task_id?._eq && run.mapIndex >= first && run.mapIndex < end
          : ids.includes(run.id),
      )
      .map(taskRunRow);
  }

  /** As Prefect's server: the items are done each for itself, and one that fails makes the field an error. */
  #setList(input: Json, set: (item: Json) => Json): Json {
    let failure: unknown = null;
    const states: Json[] = [];
    for (const item of input.states as Json[]) {
      try {
        states.push(set(item));
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
    return { states };
  }

  #setTaskState(item: Json): Json {
    const run = this.taskRuns.get(String(item.task_run_id));
    if (run === undefined) throw new Refusal(`Task run ${String(item.task_run_id)} not found`);
    return this.#set(run, run.id, item);
  }

  #setFlowState(item: Json): Json {
    return this.#set(this.flowRun as unknown as FakeTaskRun, this.flowRun.id, item);
  }

  #set(run: FakeTaskRun, id: string, item: Json): Json {
    const refusal = this.refuse(item);
    if (refusal !== null) throw refusal;
    if (this.dialect === "0.7" && typeof item.version !== "number") throw new Refusal("version is required");
    if (this.locks && item.version != null && item.version !== run.version) {
      throw new Refusal(`State update failed: version ${String(item.version)}`, "VERSION_LOCKING_ERROR");
    }
    const state = item.state as WireState1x;
    run.state = state;
    run.version += 1;
    run.history.push(state.type);
    return { id, status: this.status(item), message: null };
  }
}

const taskRunRow = (run: FakeTaskRun): Json => ({
  id: run.id,
  version: run.version,
  map_index: run.mapIndex,
  serialized_state: run.state,
  task: { id: run.taskId, slug: run.slug },
});

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The names of an input's fields, and not of what is in them. */
function snakeKeys(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(snakeKeys);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [snakeCase(key), Array.isArray(value) ? snakeKeys(value) : value]),
  );
}
