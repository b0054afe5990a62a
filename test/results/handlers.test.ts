import { describe, expect, it } from "vitest";
import {
  AzureResultHandler,
  ConstantResultHandler,
  CustomResultHandler,
  customResultHandler,
  GCSResultHandler,
  handlerFrom,
  JSONResultHandler,
  LocalResultHandler,
  type LocationContext,
  type ResultHandler,
  reads,
  S3ResultHandler,
  SecretResultHandler,
  storeResult,
} from "../../src/results/index.ts";
import { contextOf, refusal, toolsOf } from "./given.ts";

describe("ConstantResultHandler", () => {
  it("stores nothing and gives the constant back, also one that no location could hold", async () => {
    const constant = { fn: Math.max, at: new Date(0) };
    const handler = new ConstantResultHandler(constant);
    const location = await handler.write(constant, contextOf(), toolsOf());
    expect(location).toContain("1970-01-01");
    expect(await handler.read(location, toolsOf())).toBe(constant);
  });

  it("refuses another value, which it could never bring back", async () => {
    expect((await refusal(new ConstantResultHandler(1).write(2, contextOf(), toolsOf()))).code).toBe(
      "RESULT_CONSTANT_DIFFERS",
    );
  });
});

describe("SecretResultHandler", () => {
  it("keeps the name, never the value, and fetches the secret again", async () => {
    const handler = new SecretResultHandler({ name: "TOKEN" });
    expect(await handler.write("hunter2", contextOf(), toolsOf())).toBe("TOKEN");
    expect(JSON.stringify(handler.describe())).not.toContain("hunter2");
    expect(await handler.read("TOKEN", toolsOf({ TOKEN: "rotated" }))).toBe("rotated");
  });
});

describe("a custom handler", () => {
  class Memory extends CustomResultHandler {
    readonly kept = new Map<string, unknown>();
    protected save(value: unknown, context: LocationContext): string {
      this.kept.set(context.task_full_name, value);
      return value === "lost" ? "" : context.task_full_name;
    }
    protected load(location: string): unknown {
      return this.kept.get(location);
    }
  }

  it("is a class that says how to save and load", async () => {
    const handler = new Memory();
    const location = await handler.write({ a: 1 }, contextOf({ task_full_name: "mean[2]" }), toolsOf());
    expect(location).toBe("mean[2]");
    expect(await handler.read(location, toolsOf())).toEqual({ a: 1 });
    expect(handler.describe()).toEqual({ type: "CustomResultHandler", name: "Memory" });
  });

  it("is told when it keeps no location, or finds nothing", async () => {
    const handler = new Memory();
    expect((await refusal(handler.write("lost", contextOf(), toolsOf()))).message).toContain("Memory gave a string as");
    expect((await refusal(handler.read("nothing", toolsOf()))).message).toContain('found nothing at "nothing"');
  });

  it("may be two functions, with exists as a third", async () => {
    const kept = new Map<string, unknown>();
    const handler = customResultHandler({
      name: "memory",
      write: (value, { task_run_id }) => {
        kept.set(task_run_id, value);
        return task_run_id;
      },
      read: async (location) => kept.get(location) ?? null,
      exists: (location) => kept.has(location),
    });
    const location = await handler.write([1], contextOf(), toolsOf());
    expect(await handler.read(location, toolsOf())).toEqual([1]);
    expect(await handler.read("other", toolsOf())).toBeNull();
    expect([await handler.exists?.(location, toolsOf()), await handler.exists?.("x", toolsOf())]).toEqual([
      true,
      false,
    ]);
    expect(customResultHandler({ write: () => "x", read: () => 1 }).exists).toBeUndefined();
  });
});

describe("a description", () => {
  const handlers: readonly ResultHandler[] = [
    new JSONResultHandler(),
    new LocalResultHandler({ dir: "/data", compression: "zstd", location: "{flow_name}/{task_full_name}" }),
    new LocalResultHandler(),
    new S3ResultHandler({ bucket: "b", region: "eu-central-1", endpoint: "http://s3:9000", forcePathStyle: true }),
    new S3ResultHandler({ bucket: "b", credentialsSecret: "TEAM", serializer: "json", attempts: 2 }),
    new GCSResultHandler({ bucket: "b", credentialsSecret: "KEY" }),
    new AzureResultHandler({ container: "c", connectionStringSecret: "CONNECTION" }),
    new SecretResultHandler({ name: "TOKEN" }),
  ];
  it.each(handlers.map((handler) => [handler.describe().type, handler] as const))(
    "of a %s is plain data, and gives the same handler",
    (_, handler) => {
      const description = JSON.parse(JSON.stringify(handler.describe()));
      const rebuilt = handlerFrom(description);
      expect(rebuilt?.describe()).toEqual(handler.describe());
      expect(rebuilt?.constructor).toBe(handler.constructor);
    },
  );

  it("is Prefect's on the wire, and read from there", () => {
    expect(new S3ResultHandler({ bucket: "b" }).describe()).toEqual({
      type: "S3ResultHandler",
      bucket: "b",
      aws_credentials_secret: "AWS_CREDENTIALS",
    });
    const fromPrefect = {
      type: "AzureResultHandler",
      container: "c",
      azure_credentials_secret: "AZ_CREDENTIALS",
      __version__: "0.7.0",
    };
    expect(handlerFrom(fromPrefect)).toBeInstanceOf(AzureResultHandler);
    expect(handlerFrom({ type: "LocalResultHandler", dir: null })).toBeInstanceOf(LocalResultHandler);
  });

  it("of what only the flow's code knows gives none", () => {
    for (const type of ["CustomResultHandler", "ConstantResultHandler", "ResultHandler", "constructor"]) {
      expect(handlerFrom({ type })).toBeNull();
    }
  });

  it("leaves out a serializer of the flow's own, and a location function", () => {
    const serializer = { name: "csv", serialize: () => "", deserialize: () => 1 };
    const handler = new LocalResultHandler({ serializer, location: () => "x" });
    expect(handler.describe()).toEqual({ type: "LocalResultHandler", serializer: "csv" });
    expect(handlerFrom(handler.describe())).toBeInstanceOf(LocalResultHandler);
  });

  it("tells whose results a handler reads, also when the wire kept only the bucket", () => {
    const own = new S3ResultHandler({ bucket: "b", endpoint: "http://s3:9000" });
    expect(reads(own, { type: "S3ResultHandler", bucket: "b" })).toBe(true);
    expect(reads(own, { type: "S3ResultHandler", bucket: "other" })).toBe(false);
    expect(reads(own, { type: "GCSResultHandler", bucket: "b" })).toBe(false);
  });
});

describe("an option that is wrong", () => {
  it.each([
    [() => new S3ResultHandler({} as never), "S3ResultHandler has a wrong option: `bucket` is missing."],
    [() => new S3ResultHandler({ bucket: " " }), '`bucket` has to be a text that is not empty, and is " "'],
    [() => new S3ResultHandler({ bucket: "b", regoin: "x" } as never), 'there is no option "regoin" (bucket, region,'],
    [() => new S3ResultHandler({ bucket: "b", endpoint: "http://u:p@s3" }), "without a user name or password"],
    [() => new S3ResultHandler({ bucket: "b", timeout: 0 }), "`timeout` has to be a whole number above 0, and is 0"],
    [() => new LocalResultHandler({ compression: "gzip" as never }), '`compression` has to be "zstd", and is "gzip"'],
    [() => new LocalResultHandler({ serializer: { name: "json" } as never }), "an object with name, serialize and"],
    [() => new GCSResultHandler({ bucket: 3 as never }), "`bucket` has to be"],
    [() => new AzureResultHandler({ container: "c", endpoint: "c.blob" }), "`endpoint` has to be an http://"],
    [() => customResultHandler({ write: () => "x" } as never), "`read` is missing"],
    [() => new JSONResultHandler({ overflow: "s3" as never }), '"refuse" or "flow"'],
  ])("is told where it was written: %#", (make, says) => {
    expect(make).toThrow(says);
  });
});

describe("a value that is too large for a state", () => {
  const large = "x".repeat(1_000_000);
  const kept: unknown[] = [];
  const flowHandler = customResultHandler({ name: "flow", write: (value) => String(kept.push(value)), read: () => 1 });
  const request = { value: large, context: contextOf(), tools: toolsOf() };

  it("goes to the flow's handler when the task's handler says so", async () => {
    const handler = new JSONResultHandler({ overflow: "flow" });
    expect(await storeResult({ ...request, handler, flowHandler })).toEqual({
      handler: { type: "CustomResultHandler", name: "flow" },
      location: "1",
    });
    expect(kept).toEqual([large]);
    expect((await storeResult({ ...request, value: 1, handler, flowHandler })).location).toBe("1");
    expect(kept).toHaveLength(1);
  });

  it("is refused otherwise, and when the flow has no other handler", async () => {
    const overflowing = new JSONResultHandler({ overflow: "flow" });
    for (const [handler, flow] of [
      [new JSONResultHandler(), flowHandler],
      [overflowing, null],
      [overflowing, new JSONResultHandler()],
    ] as const) {
      expect((await refusal(storeResult({ ...request, handler, flowHandler: flow }))).code).toBe("RESULT_TOO_LARGE");
    }
  });
});
