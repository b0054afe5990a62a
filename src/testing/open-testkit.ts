import type { Testkit, TestkitOptions } from "./testkit.ts";

/**
 * Opens an embedded API in this process, without a port (it takes one when a binary or an image is executed), and with a
 * clock that jumps over waits. `fetch` reaches it by `kit.api.url`.
 *
 * @example
 * ```ts
 * const kit = await openTestkit();
 * const run = await kit.run(weather, { parameters: { stations: ["Seattle"] } });
 * assertState(run, "Success");
 * await kit.close();
 * ```
 */
export async function openTestkit(options: TestkitOptions = {}): Promise<Testkit> {
  // Who imports matchers alone loads no API.
  const { OpenedTestkit } = await import("./opened-testkit.ts");
  return OpenedTestkit.open(options);
}
