import { resolve } from "node:path";
import { artifactPath, type Manifest, readManifest } from "../artifact/index.ts";
import { parseAuthorEnvironment } from "../config/index.ts";
import type { LogRecord } from "../engine/index.ts";
import { type ErrorCode, FlowRunnerError } from "../errors/index.ts";
import type { FlowGraph } from "../graph/index.ts";
import { ChildHost } from "../host/index.ts";

/** A file that flows come from. */
export interface FlowFile {
  /** Absolute. */
  readonly path: string;
  /** A module as its author wrote it, not an artifact. */
  readonly source: boolean;
}

/** What a file holds. */
export interface DescribedFile extends FlowFile {
  /** Null for a source. */
  readonly manifest: Manifest | null;
  /** The artifact's sha256; null for a source. */
  readonly digest: string | null;
  readonly flows: readonly FlowGraph[];
}

export interface DescribedArtifact extends DescribedFile {
  readonly manifest: Manifest;
  readonly digest: string;
}

export interface DescribeOptions {
  /** Only the flow of this name. */
  readonly flow?: string | undefined;
  /** Told what the module prints while it is loaded. */
  readonly log?: (record: LogRecord) => void;
}

/** A source by its extension; anything else is an artifact, by path or by name. */
export function flowFile(pathOrName: string): FlowFile {
  const source = /\.[cm]?[jt]sx?$/.test(pathOrName);
  return { path: resolve(source ? pathOrName : artifactPath(pathOrName)), source };
}

/**
 * Says what a file holds. The flow's code is loaded in a host process, never in this one.
 *
 * @throws FlowRunnerError for a file that cannot be loaded, `FLOW_NOT_IN_FILE`
 */
export async function describeFile(pathOrName: string, options: DescribeOptions = {}): Promise<DescribedFile> {
  const file = flowFile(pathOrName);
  if (!file.source) return describeArtifact(pathOrName, options);
  const flows = await loadAll(file, await namesInSource(file, options), options);
  return { ...file, manifest: null, digest: null, flows };
}

/** The same for an artifact; its manifest is read without running anything. */
export async function describeArtifact(pathOrName: string, options: DescribeOptions = {}): Promise<DescribedArtifact> {
  const file: FlowFile = { path: resolve(artifactPath(pathOrName)), source: false };
  const manifest = await readManifest(file.path);
  const names = options.flow === undefined ? manifest.flows.map(({ name }) => name) : [options.flow];
  return { ...file, manifest, digest: manifest.sha256, flows: await loadAll(file, names, options) };
}

/** A source does not say what it exports before it is loaded; null is its only flow. */
async function namesInSource(file: FlowFile, { flow }: DescribeOptions): Promise<(string | null)[]> {
  if (flow !== undefined) return [flow];
  try {
    await load(file, null, {});
    return [null];
  } catch (error) {
    if (!isFlowRunnerError(error, "FLOW_NOT_IN_FILE") || error.details.flows.length === 0) throw error;
    return [...error.details.flows];
  }
}

async function loadAll(file: FlowFile, names: readonly (string | null)[], options: DescribeOptions) {
  const graphs: FlowGraph[] = [];
  for (const name of names) graphs.push((await load(file, name, options)).graph);
  return graphs;
}

async function load({ path, source }: FlowFile, flow: string | null, { log = () => {} }: DescribeOptions) {
  const { applicationFolder } = parseAuthorEnvironment(process.env);
  const host = new ChildHost({
    env: process.env,
    log,
    ask: ({ kind }) => Promise.reject(new FlowRunnerError("CONTEXT_OUTSIDE_RUN", { key: kind })),
    runFlow: () => Promise.reject(new FlowRunnerError("CONTEXT_OUTSIDE_RUN", { key: "runFlow" })),
  });
  try {
    return await host.load({ file: path, source, digest: null, flow, applicationFolder });
  } finally {
    await host.close();
  }
}

const isFlowRunnerError = <Code extends ErrorCode>(error: unknown, code: Code): error is FlowRunnerError<Code> =>
  error instanceof FlowRunnerError && error.code === code;
