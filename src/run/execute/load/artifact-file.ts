import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { FlowRunnerError } from "../../../errors/index.ts";
import { artifactOf, flowsHere } from "./flows-here.ts";

const storageSchema = z.looseObject({
  flows: z.record(z.string(), z.string()),
  digests: z.record(z.string(), z.string()).default({}),
});

/** Where a registered flow's artifact lies in this container, and what it must be. */
export interface ArtifactFile {
  readonly file: string;
  /** Null: registered without one. */
  readonly digest: string | null;
}

/**
 * Finds a flow's artifact by the map of the storage it was registered with. A file that was moved, with its name, into
 * the Prefect folder is found there: the digest still says whether it is the one. Without such a map (Prefect 3 keeps
 * none) it is looked for in that folder, by the flow's name.
 *
 * @throws FlowRunnerError `STORAGE_UNREADABLE`; `FLOW_NOT_HERE`, which names the flows that are
 */
export async function findArtifact(flow: string, storage: unknown, prefectFolder: string): Promise<ArtifactFile> {
  if (storage === null) {
    const file = await artifactOf(flow, prefectFolder);
    if (file !== null) return { file, digest: null };
    throw new FlowRunnerError("FLOW_NOT_HERE", { flow, file: prefectFolder, here: await flowsHere([prefectFolder]) });
  }
  const parsed = storageSchema.safeParse(storage);
  if (!parsed.success) throw new FlowRunnerError("STORAGE_UNREADABLE", { flow, reason: z.prettifyError(parsed.error) });
  const mapped = parsed.data.flows[flow];
  if (mapped === undefined) {
    const known = Object.keys(parsed.data.flows).join(", ");
    throw new FlowRunnerError("STORAGE_UNREADABLE", { flow, reason: `it holds ${known || "no flow"}` });
  }
  const moved = join(prefectFolder, basename(mapped));
  const digest = parsed.data.digests[flow] ?? null;
  if (!(await isMissing(mapped))) return { file: mapped, digest };
  if (!(await isMissing(moved))) return { file: moved, digest };
  // Registered without what it must be: any that has the flow is right, whatever its file is called.
  const named = digest === null ? await artifactOf(flow, prefectFolder) : null;
  if (named !== null) return { file: named, digest };
  const here = await flowsHere([dirname(mapped), prefectFolder]);
  throw new FlowRunnerError("FLOW_NOT_HERE", { flow, file: mapped, here });
}

/** The digest that a flow was registered with; null: none is known. */
export function registeredDigest(flow: string, storage: unknown): string | null {
  return storageSchema.safeParse(storage).data?.digests[flow] ?? null;
}

/** A file that may not be looked at is not missing: reading it says what is wrong. */
async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}
