import pLimit from "p-limit";
import type {
  BodyOutcome,
  BodyRequest,
  CallOutcome,
  CallRequest,
  Handle,
  HandleRange,
  Host,
  Measure,
  Probe,
  ReadRequest,
  ShownInputs,
  ValueRef,
} from "../../engine/index.ts";
import type { FlowDefinition } from "../../flow/index.ts";
import type { State } from "../../state/index.ts";
import type { RunDetails } from "../run-details.ts";
import { datesOf } from "./body-context/task-context.ts";
import type { CoreContext, HostPorts } from "./core-context.ts";
import { type Mask, reportError } from "./error-report.ts";
import { readPersisted, toolsFor } from "./persist.ts";
import { probe } from "./probe.ts";
import { type ResultWrite, runBody } from "./run-body.ts";
import { runCall } from "./run-call.ts";
import { HostSecrets } from "./secrets/host-secrets.ts";
import { showInputs } from "./trial/show-inputs.ts";
import { MemoryResults } from "./values/memory-results.ts";
import type { Scratch } from "./values/scratch.ts";
import { ValueStore } from "./values/value-store.ts";

export interface HostCoreOptions {
  readonly flow: FlowDefinition;
  readonly details: RunDetails;
  readonly ports: HostPorts;
  readonly scratch: Scratch | null;
  /** Where results of tasks with `cacheFor` live on between runs in this process; null: not in memory. */
  readonly memory: MemoryResults | null;
  readonly runFlow: () => Promise<State>;
}

/** Most results written at once: 1,000 mapped children must not open 1,000 connections. */
const writesAtOnce = 16;

/** Runs the flow's own code and holds its values: the in-process host as it is, the child host behind its frames. */
export class HostCore implements Host {
  readonly #context: CoreContext;
  readonly #bodies = new Set<AbortController>();

  constructor(options: HostCoreOptions) {
    const specs = new Map(options.flow.graph.tasks.map((spec) => [spec.slug, spec]));
    const secrets = new HostSecrets((name) => options.ports.ask({ kind: "secret", name }, null));
    const secretInputs = new Map(
      options.flow.graph.edges.flatMap(({ upstream, downstream, key }) => {
        const spec = specs.get(upstream);
        return spec?.kind === "secret" ? [[`${downstream} ${key}`, spec] as const] : [];
      }),
    );
    this.#context = {
      ...options,
      scratchFolder: options.scratch?.folder ?? null,
      memory: options.memory ?? new MemoryResults(),
      cachesInMemory: options.memory !== null,
      writes: pLimit(writesAtOnce),
      dates: datesOf(options.details),
      values: new ValueStore(options.scratch, (value) => secrets.findIn(value)?.secret ?? null),
      secrets,
      secretOf: (slug, key) => secretInputs.get(`${slug} ${key}`),
      task: (slug) => {
        const definition = options.flow.tasks.get(slug);
        const spec = specs.get(slug);
        if (definition === undefined || spec === undefined) throw new TypeError(`the flow has no task "${slug}"`);
        return [definition, spec];
      },
    };
  }

  /** @param wrote - told when the result has been written, or could not be */
  async run(
    request: BodyRequest,
    controller = new AbortController(),
    wrote?: (write: ResultWrite) => void,
  ): Promise<BodyOutcome> {
    this.#bodies.add(controller);
    try {
      return await runBody(this.#context, request, controller, wrote);
    } finally {
      this.#bodies.delete(controller);
    }
  }

  call(request: CallRequest): Promise<CallOutcome> {
    return runCall(this.#context, request);
  }

  async measure(ref: ValueRef): Promise<Measure> {
    const missing = this.#context.values.missing([ref]);
    if (missing.length > 0) return { kind: "missing", handles: missing };
    const value = this.#context.values.resolve(ref);
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
      return { kind: "length", length: Number(value.length) };
    }
    return { kind: "unmappable", what: value === null ? "null" : Object.prototype.toString.call(value).slice(8, -1) };
  }

  probe(request: BodyRequest): Promise<Probe> {
    return probe(this.#context, request);
  }

  show(request: BodyRequest): ShownInputs {
    return showInputs(this.#context, request);
  }

  async read({ handle, slug, stored }: ReadRequest): Promise<string | null> {
    const { values } = this.#context;
    try {
      const tools = toolsFor(this.#context, new AbortController().signal);
      values.set(handle, await readPersisted(this.#context, slug, stored, tools));
      return null;
    } catch (error) {
      return reportError(error, false, this.#context.secrets.mask).message;
    }
  }

  /**
   * Puts values where another host can find them; says which are missing here and why one could not be kept.
   *
   * @param made - one of them that the other host makes anew
   */
  keep(
    refs: readonly ValueRef[],
    made: Handle | null = null,
  ): { readonly missing: Handle[]; readonly error: string | null } {
    const { values } = this.#context;
    const missing = values.missing(refs);
    if (missing.length > 0) return { missing, error: null };
    const error = values.keep(refs);
    if (made !== null && error === null) values.handOver(made);
    return { missing, error };
  }

  mark(handle: Handle, kind: "failed" | "skipped", message: string): void {
    this.#context.values.set(handle, kind === "failed" ? new Error(message) : undefined);
  }

  release(ranges: readonly HandleRange[]): void {
    this.#context.values.release(ranges);
  }

  cancel(reason: string): void {
    for (const controller of this.#bodies) controller.abort(new Error(reason));
  }

  /** A text without the secrets that were fetched here. */
  readonly mask: Mask = (text) => this.#context.secrets.mask(text);

  /** The value behind a handle, for the caller of `flow.run`. */
  value(handle: Handle): unknown {
    return this.#context.values.get(handle);
  }
}
