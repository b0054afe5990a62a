/**
 * Adds the matchers for flow runs to vitest's `expect`, and to its types. Import it in a test, or name it in `setupFiles`.
 *
 * @example
 * ```ts
 * import "flow-runner/testing/vitest";
 *
 * expect(run).toHaveState("Success");
 * ```
 */
import { expect } from "vitest";
import { type FlowRunMatchers, flowRunMatchers } from "./expecting/matchers.ts";

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: an interface that is merged has to have the parameters of the other.
  interface Matchers<T = any> extends FlowRunMatchers<T> {}
}

expect.extend(flowRunMatchers);
