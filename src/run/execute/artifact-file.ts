import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { FlowRunnerError } from "../../errors/index.ts";

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
 * the Prefect folder is found there: the digest still says whether it is the one.
 *
 * @throws FlowRunnerError `STORAGE_UNREADABLE`
 */
export function findArtifact(flow: string, storage: unknown, prefectFolder: string): ArtifactFile {
  const parsed = storageSchema.safeParse(storage);
  if (!parsed.success) throw new FlowRunnerError("STORAGE_UNREADABLE", { flow, reason: z.prettifyError(parsed.error) });
  const mapped = parsed.data.flows[flow];
  if (mapped === undefined) {
    const known = Object.keys(parsed.data.flows).join(", ");
    throw new FlowRunnerError("STORAGE_UNREADABLE", { flow, reason: `it holds ${known || "no flow"}` });
  }
  const moved = join(prefectFolder, basename(mapped));
  return { file: !existsSync(mapped) && existsSync(moved) ? moved : mapped, digest: parsed.data.digests[flow] ?? null };
}
