import type { Finding } from "./finding.ts";

/** With what a flow was saved, and what is here. */
export interface Versions {
  /** Such as `26.10.0`, with or without a leading `v`. */
  readonly node: string;
  readonly flowRunner: string;
}

/**
 * Compares the place where a flow was saved with this one. Prefect: `system_check` warns when the Python minor version
 * differs; Node keeps its promises within a major version, so that only this is compared. A flow-runner that cannot
 * read the artifact is refused by loading it.
 */
export function checkSystem(saved: Versions, here: Versions): Finding[] {
  const [then, now] = [major(saved.node), major(here.node)];
  if (then !== now) {
    const message = `The flow was saved with Node ${then} and this is Node ${now}: packages with native parts, and behaviour that changed between the two, may fail. Save it again with Node ${now}, or use an image with Node ${then}.`;
    return [{ check: "system", level: "warning", flow: null, message }];
  }
  const message = `Node ${now} as when the flow was saved; saved by flow-runner ${saved.flowRunner}, this is ${here.flowRunner}.`;
  return [{ check: "system", level: "ok", flow: null, message }];
}

const major = (version: string): string => version.replace(/^v/, "").split(".")[0] ?? version;
