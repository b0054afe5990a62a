import { FlowRunnerError } from "../../../errors/index.ts";
import { messageOf } from "../../../errors/message-of.ts";
import type { ArtifactForm, ArtifactTable, AskRun, RunArtifactOptions, RunArtifacts } from "../../../flow/index.ts";

/** Prefect 3's, which an API of it answers 422 for otherwise. */
const keyPattern = /^[a-z0-9-]+$/;
/** Bytes: it must fit into a frame with all that belongs to it. */
const mostData = 900_000;

type Type = ArtifactForm["type"] | "link";

/** Makes what a body asks for into artifacts of Prefect 3. */
export function runArtifacts(ask: AskRun, taskRunId: string | null, warn: (message: string) => void): RunArtifacts {
  const create = async (
    type: Type,
    { key, description }: RunArtifactOptions,
    data: ArtifactForm["data"],
  ): Promise<string> => {
    if (key !== undefined && !keyPattern.test(key))
      throw invalid(type, `its key "${key}" must only contain lowercase letters, numbers and dashes`);
    const size = Buffer.byteLength(String(data));
    if (size > mostData)
      throw invalid(type, `it has ${size} bytes, and the most is ${mostData}: persist it, and make a link to it`);
    const artifact: ArtifactForm = {
      type: type === "link" ? "markdown" : type,
      key: key ?? null,
      description: description ?? null,
      data,
    };
    return (await ask({ kind: "createArtifact", artifact }, taskRunId)) as string;
  };
  /** Prefect 3 does the same. */
  const within = (percent: number): number => {
    if (typeof percent !== "number" || Number.isNaN(percent)) throw invalid("progress", `${percent} is no percentage`);
    const taken = Math.min(100, Math.max(0, percent));
    if (taken !== percent) warn(`A progress of ${percent} % is taken for ${taken} %.`);
    return taken;
  };
  return {
    markdown: async (markdown, options = {}) => create("markdown", options, text("markdown", markdown)),
    table: async (table, options = {}) => create("table", options, tableData(table)),
    link: async (url, { text: shown = url, ...options } = {}) =>
      create("link", options, `[${text("link", shown)}](${text("link", url)})`),
    image: async (url, options = {}) => create("image", options, text("image", url)),
    progress: async (percent, options = {}) => create("progress", options, within(percent)),
    updateProgress: async (id, percent, { description } = {}) => {
      const change = { data: within(percent), ...(description === undefined ? {} : { description }) };
      await ask({ kind: "updateArtifact", id, change }, taskRunId);
    },
  };
}

const invalid = (type: Type, problem: string): FlowRunnerError =>
  new FlowRunnerError("RUN_ARTIFACT_INVALID", { type, problem });

function text(type: Type, value: unknown): string {
  if (typeof value === "string") return value;
  throw invalid(type, `it must be a text and is ${value === null ? "null" : typeof value}`);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function tableData(table: ArtifactTable): string {
  const parts = isObject(table) ? Object.values(table) : [table];
  const isTable = Array.isArray(table) ? parts.every(isObject) : parts.every(Array.isArray);
  if (!isTable) throw invalid("table", "it must be a list of objects, a list of lists, or an object of lists");
  try {
    return JSON.stringify(table);
  } catch (error) {
    throw invalid("table", `it must be JSON: ${messageOf(error)}`);
  }
}
