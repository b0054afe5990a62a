import { loadArtifact, loadSource } from "../../artifact/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { FlowDefinition } from "../../flow/index.ts";
import { type FromHost, type ToHost, tellError } from "../protocol/index.ts";

type Start = Extract<ToHost, { type: "start" }>;

/** What an artifact is, and what is here of it. */
type Loaded = Pick<Extract<FromHost, { type: "ready" }>, "digest" | "packages" | "warnings">;

/** Loads the file that `start` names and picks its flow. */
export async function loadFlow(start: Start): Promise<{ flow: FlowDefinition; loaded: Loaded }> {
  const { flows, ...loaded } = start.source
    ? { ...(await loadSource(start.file)), digest: null, packages: {}, warnings: [] }
    : await loadSaved(start);
  const flow =
    start.flow === null && flows.length === 1 ? flows[0] : flows.find((each) => each.graph.name === start.flow);
  if (flow !== undefined) return { flow, loaded };
  throw new FlowRunnerError("FLOW_NOT_IN_FILE", {
    file: start.file,
    flow: start.flow,
    flows: flows.map((each) => each.graph.name),
  });
}

async function loadSaved(start: Start): Promise<Loaded & { readonly flows: readonly FlowDefinition[] }> {
  const { flows, manifest, packages, warnings } = await loadArtifact(start.file, {
    ...(start.digest === null ? {} : { digest: start.digest }),
    ...(start.applicationFolder === null ? {} : { applicationFolder: start.applicationFolder }),
  });
  return { flows, digest: manifest.sha256, packages: { ...packages }, warnings: [...warnings] };
}

/** Tasks or edges in one frame: far below the limit of a frame, however long their names. */
const pieceSize = 500;

/** Describes a flow in frames that each stay small. */
export function* describe(flow: FlowDefinition, loaded: Loaded): Generator<FromHost> {
  const { tasks, edges, ...rest } = flow.graph;
  for (let at = 0; at < Math.max(tasks.length, edges.length); at += pieceSize) {
    yield { type: "described", tasks: tasks.slice(at, at + pieceSize), edges: edges.slice(at, at + pieceSize) };
  }
  yield { type: "ready", flow: rest, ...loaded };
}

/** Why a flow could not be loaded: our own error keeps its code, a module's own error is told with its stack. */
export function unloadable(error: unknown): FromHost {
  const told = tellError(error);
  if (told.code !== null) return { type: "unloadable", ...told, code: told.code };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: "unloadable", code: "HOST_NOT_STARTED", message, details: { reason: message } };
}
