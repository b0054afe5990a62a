import { describe, expect, it } from "vitest";
import { heapLimitFor } from "../../src/host/runner/process/heap-limit.ts";

const mib = 1024 * 1024;

describe("V8's heap limit of a host", () => {
  it.each([
    [128, 48],
    [256, 128],
    [512, 332],
    [4096, 3200],
  ])("leaves room in a container of %i MiB for the runner and for what is no heap", (container, heap) => {
    expect(heapLimitFor({}, container * mib)).toEqual({ bytes: heap * mib, flags: [`--max-old-space-size=${heap}`] });
  });

  it("is Node's own where the container has no limit", () => {
    expect(heapLimitFor({}, null)).toEqual({ bytes: null, flags: [] });
  });

  it("is what the setting says", () => {
    expect(heapLimitFor({ FLOW_RUNNER__HOST_HEAP: "300" }, 256 * mib).flags).toEqual(["--max-old-space-size=300"]);
    expect(heapLimitFor({ FLOW_RUNNER__HOST_HEAP: "300" }, null).flags).toEqual(["--max-old-space-size=300"]);
  });

  it.each([
    "--max-old-space-size=64",
    "--max_old_space_size=64",
    "--max-old-space-size-percentage=50",
    "--max-heap-size=99",
  ])("is left alone where NODE_OPTIONS has %s", (flag) => {
    expect(heapLimitFor({ NODE_OPTIONS: `--no-warnings ${flag}` }, 256 * mib).flags).toEqual([]);
  });
});
