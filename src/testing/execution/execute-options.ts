import type { FaultRule } from "../../api/index.ts";
import type { TaskMocks } from "./mocks.ts";

/** How a run is executed. */
export interface ExecuteOptions {
  /**
   * `"process"`, the default: in this process, with a clock that jumps over waits. `"binary"`: by `flow-runner execute`, as an
   * agent starts it; the flow has to be an export of its module. `{ image }`: as a container of an image that holds the flow,
   * which joins the network of this machine.
   */
  readonly as?: "process" | "binary" | { readonly image: string };
  /** In this process only. */
  readonly mocks?: TaskMocks;
  /** Environment variables beside those that an agent sets: `PREFECT__LOGGING__LEVEL`, `FLOW_RUNNER__…`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What goes wrong with the API from now on, beside what was said before. */
  readonly faults?: readonly FaultRule[];
}
