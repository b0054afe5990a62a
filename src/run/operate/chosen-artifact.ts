import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import type { FlowInfo } from "../../cloud/index.ts";
import { parseAuthorEnvironment } from "../../config/index.ts";
import { flowFile } from "../describe.ts";
import { findArtifact } from "../execute/load/artifact-file.ts";
import type { ChosenArtifact } from "../execute/load/load-artifact.ts";
import { saveFlow } from "../save.ts";

/** The artifact that a flow was registered with. @throws FlowRunnerError `FLOW_NOT_HERE`, `STORAGE_UNREADABLE` */
export async function registeredFile({ name, storage }: Pick<FlowInfo, "name" | "storage">): Promise<string> {
  const { prefectFolder } = parseAuthorEnvironment(process.env);
  return (await findArtifact(name, storage, prefectFolder)).file;
}

/**
 * Uses the artifact that a person names, or the one that a flow was registered with, where that is here. A source is
 * saved for as long as it is used: what a run goes on with, or is compared with, has a digest.
 *
 * @throws FlowRunnerError `FLOW_NOT_HERE`, `STORAGE_UNREADABLE`, and those of saving
 */
export async function withArtifact<Result>(
  flow: Pick<FlowInfo, "name" | "storage">,
  pathOrName: string | undefined,
  use: (artifact: ChosenArtifact) => Promise<Result>,
): Promise<Result> {
  if (pathOrName === undefined) {
    const file = await registeredFile(flow);
    return use({ file, name: file });
  }
  const { path, source } = flowFile(pathOrName);
  if (!source) return use({ file: path, name: pathOrName });
  const folder = await mkdtemp(join(tmpdir(), "flow-runner-source-"));
  try {
    const { path: file } = await saveFlow(path, join(folder, `${basename(path, extname(path))}.prefect`));
    return await use({ file, name: pathOrName });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
