import { isCompatible } from "../../artifact/format/open-artifact.ts";
import type { Manifest } from "../../artifact/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { ImageObserver } from "../events.ts";
import type { BaseFacts } from "./probe.ts";

/** The least major version of Node that flow-runner runs on. */
const leastNode = 26;

/**
 * Refuses an image that could not run the flows, before minutes go into building on it.
 *
 * @param image What its author calls it.
 * @throws FlowRunnerError `BASE_IMAGE_WITHOUT_NODE`, `BASE_IMAGE_NODE_TOO_OLD`, `BASE_IMAGE_INCOMPATIBLE`
 */
export function refuseUnfit(image: string, { node, flowRunner }: BaseFacts, manifests: readonly Manifest[]): void {
  if (node === null) throw new FlowRunnerError("BASE_IMAGE_WITHOUT_NODE", { image });
  if (majorOf(node) < leastNode) {
    throw new FlowRunnerError("BASE_IMAGE_NODE_TOO_OLD", { image, node, needed: String(leastNode) });
  }
  if (flowRunner === null) return;
  const foreign = manifests.find((manifest) => !isCompatible(manifest.flowRunner, flowRunner));
  if (foreign === undefined) return;
  throw new FlowRunnerError("BASE_IMAGE_INCOMPATIBLE", { image, has: flowRunner, savedWith: foreign.flowRunner });
}

/** Warns of an image with another Node than the flows were saved with. */
export function sayMismatch(
  image: string,
  { node }: BaseFacts,
  manifests: readonly Manifest[],
  observer: ImageObserver,
): void {
  const other = manifests.find((manifest) => node !== null && majorOf(manifest.node) !== majorOf(node));
  if (other === undefined) return;
  const message = `${image} has Node ${node}, and the flow was saved with Node ${other.node}: packages with native parts, and behaviour that changed between the two, may fail.`;
  observer({ type: "notice", level: "warning", message });
}

/** The major version of Node's `26.10.0`. */
export const majorOf = (node: string): number => Number(node.split(".")[0]);
