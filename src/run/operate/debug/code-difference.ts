import type { Manifest } from "../../../artifact/index.ts";
import type { FlowInfo, FlowRunInfo, TaskRunRow } from "../../../cloud/index.ts";
import { imageOf } from "../../agent/docker/image-of.ts";
import { registeredDigest } from "../../execute/load/artifact-file.ts";
import type { RanWith } from "../../execute/load/ran-with.ts";

/** A flow's code, as it is here. */
export interface CodeHere {
  /** As a person knows it. */
  readonly name: string;
  readonly digest: string;
  readonly manifest: Manifest;
  readonly slugs: readonly string[];
}

/** A version that is not the same there, where the run was, and here, where the code was saved. */
export interface VersionDifference {
  /** `flow-runner`, `Node`, or a package. */
  readonly name: string;
  /** Null: it has none. */
  readonly there: string | null;
  readonly here: string | null;
}

/** What the code that ran and the code here have and have not in common. */
export interface CodeDifference {
  /** The image that the flow was registered with; null: none. */
  readonly image: string | null;
  /** Digest of the code that ran, else that which was registered; null: none is known. */
  readonly ran: string | null;
  readonly here: string;
  readonly name: string;
  /** Slugs of tasks that only the code here has. */
  readonly added: readonly string[];
  /** Slugs of tasks that only the run has. */
  readonly removed: readonly string[];
  /** Where the versions differ of flow-runner, Node and the packages that the code imports; null: the run's log does not tell them. */
  readonly versions: readonly VersionDifference[] | null;
  /** What the code here was saved with. */
  readonly savedWith: Pick<Manifest, "flowRunner" | "node" | "packages">;
}

export function codeDifference(
  { flow, reached }: Pick<FlowRunInfo, "flow" | "reached">,
  taskRuns: readonly TaskRunRow[],
  { name, digest, manifest, slugs }: CodeHere,
  ranWith: RanWith | null,
): CodeDifference {
  const [here, there] = [new Set(slugs), new Set(taskRuns.map(({ task }) => task.slug))];
  const { flowRunner, node, packages } = manifest;
  return {
    image: imageOfFlow(flow),
    ran: ranWith?.digest ?? registeredDigest(flow.name, flow.storage),
    here: digest,
    name,
    // Prefect 3 knows no tasks of a flow but those that a run has come to: others may have been in the code that ran.
    added: reached === undefined ? [...here.difference(there)] : [],
    removed: [...there.difference(here)],
    versions: ranWith === null ? null : versionDifferences(ranWith.versions, manifest),
    savedWith: { flowRunner, node, packages },
  };
}

function versionDifferences(there: RanWith["versions"], { flowRunner, node, packages }: Manifest): VersionDifference[] {
  const here: RanWith["versions"] = { "flow-runner": flowRunner, Node: node, ...packages };
  return [...new Set([...Object.keys(there), ...Object.keys(here)])]
    .map((name) => ({ name, there: there[name] ?? null, here: here[name] ?? null }))
    .filter((each) => each.there !== each.here);
}

/** A flow may be registered without an image. */
function imageOfFlow(flow: FlowInfo): string | null {
  try {
    return imageOf({ flow, runConfig: flow.runConfig }).image;
  } catch {
    return null;
  }
}
