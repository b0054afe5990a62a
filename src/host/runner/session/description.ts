import { type ErrorCode, errorTable, FlowRunnerError } from "../../../errors/index.ts";
import type { Edge, FlowGraph, TaskSpec } from "../../../graph/index.ts";
import type { FromHost } from "../../protocol/index.ts";
import { describeEnd, type HostEnd } from "../end/host-end.ts";

/** A flow as its host has described it. */
export interface Described {
  readonly graph: FlowGraph;
  /** Of the artifact; null for a source file. */
  readonly digest: string | null;
  /** The packages that an artifact imports, with the versions that are here. */
  readonly packages: Readonly<Record<string, string>>;
  /** Sentences about what differs from where it was saved. */
  readonly warnings: readonly string[];
}

/** Gathers the frames in which a host describes its flow. */
export class Description {
  readonly #tasks: TaskSpec[] = [];
  readonly #edges: Edge[] = [];
  readonly #done = Promise.withResolvers<Described>();

  constructor() {
    // A host that is closed before it was asked to load has nobody who waits for its flow.
    this.#done.promise.catch(() => {});
  }

  /** Rejects with the error that the host met, under its own code. */
  get complete(): Promise<Described> {
    return this.#done.promise;
  }

  take(frame: Extract<FromHost, { type: "described" | "ready" | "unloadable" }>): void {
    switch (frame.type) {
      case "described":
        this.#tasks.push(...frame.tasks);
        this.#edges.push(...frame.edges);
        return;
      case "ready": {
        const { flow, digest, packages, warnings } = frame;
        const graph = { ...flow, tasks: this.#tasks, edges: this.#edges };
        this.#done.resolve({ graph, digest, packages, warnings });
        return;
      }
      case "unloadable":
        this.#done.reject(loadError(frame));
    }
  }

  ended(end: HostEnd): void {
    const reason = [describeEnd(end), ...end.lastErrors, ...end.lastOutput].join("\n");
    this.#done.reject(new FlowRunnerError("HOST_NOT_STARTED", { reason }));
  }
}

/** The host's own error, so that the exit code and the code are those of the failure. */
function loadError(frame: Extract<FromHost, { type: "unloadable" }>): FlowRunnerError {
  const code = frame.code in errorTable ? (frame.code as ErrorCode) : "HOST_NOT_STARTED";
  return new FlowRunnerError(code, frame.details as never);
}
