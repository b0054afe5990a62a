import type { Manifest } from "../../../artifact/index.ts";
import type { FlowInfo, FlowRunInfo, TaskRunRow } from "../../../cloud/index.ts";
import { imageOf } from "../../agent/docker/image-of.ts";
import { registeredDigest } from "../../execute/load/artifact-file.ts";

/** A flow's code, as it is here. */
export interface CodeHere {
  /** As a person knows it. */
  readonly name: string;
  readonly digest: string;
  readonly manifest: Manifest;
  readonly slugs: readonly string[];
}

/** What the code that ran and the code here have and have not in common. */
export interface CodeDifference {
  /** The image that the flow was registered with; null: none. */
  readonly image: string | null;
  /** Digest that was registered; null: none is known. */
  readonly ran: string | null;
  readonly here: string;
  readonly name: string;
  /** Slugs of tasks that only the code here has. */
  readonly added: readonly string[];
  /** Slugs of tasks that only the run has. */
  readonly removed: readonly string[];
  /** What the code here was saved with. */
  readonly savedWith: Pick<Manifest, "flowRunner" | "node" | "packages">;
}

export function codeDifference(
  { flow, reached }: Pick<FlowRunInfo, "flow" | "reached">,
  taskRuns: readonly TaskRunRow[],
  { name, digest, manifest, slugs }: CodeHere,
): CodeDifference {
  const [here, there] = [new Set(slugs), new Set(taskRuns.map(({ task }) => task.slug))];
  const { flowRunner, node, packages } = manifest;
  return {
    image: imageOfFlow(flow),
    ran: registeredDigest(flow.name, flow.storage),
    here: digest,
    name,
    // Prefect 3 knows no tasks of a flow but those that a run has come to: others may have been in the code that ran.
    added: reached === undefined ? [...here.difference(there)] : [],
    removed: [...there.difference(here)],
    savedWith: { flowRunner, node, packages },
  };
}

/** A flow may be registered without an image. */
function imageOfFlow(flow: FlowInfo): string | null {
  try {
    return imageOf({ flow, runConfig: flow.runConfig }).image;
  } catch {
    return null;
  }
}
