import { expect, test } from "vitest";
import { BuildProgress } from "../../src/storage/engine/build-progress.ts";
import type { ImageEvent } from "../../src/storage/events.ts";

function events(...lines: readonly string[]): ImageEvent[] {
  const seen: ImageEvent[] = [];
  const progress = new BuildProgress((event) => seen.push(event));
  for (const line of lines) progress.line(line);
  return seen.filter(({ type }) => type !== "step");
}

test.each([
  ["the engine", "Step 9/9 : RUN flow-runner check /root/.prefect/a.prefect"],
  ["BuildKit", "#9 [9/9] RUN --mount=type=secret,id=npmrc flow-runner check /root/.prefect/a.prefect"],
])("what the health checks warn of, as %s tells it, is a warning of the build", (_, step) => {
  const warning = "warning gotchas: src/a.ts:3 names localhost. [local-address]";
  expect(events(step, "ok      load: Loaded.", warning)).toEqual([
    { type: "output", line: "ok      load: Loaded." },
    { type: "notice", level: "warning", message: "gotchas: src/a.ts:3 names localhost. [local-address]" },
  ]);
});

test("what another step says stays as it is", () => {
  expect(events("Step 2/9 : RUN npm ci", "warning deprecated")).toEqual([
    { type: "output", line: "warning deprecated" },
  ]);
});
