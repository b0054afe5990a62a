import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  AzureResultHandler,
  FileResult,
  fileResult,
  GCSResultHandler,
  type HandlerTools,
  LocalResultHandler,
  type ObjectOptions,
  type ResultHandler,
  S3ResultHandler,
} from "../../src/results/index.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { contextOf, refusal, toolsOf } from "./given.ts";
import {
  azuriteAccount,
  describeWith,
  type Program,
  type Server,
  s3Keys,
  startAzure,
  startGCS,
  startS3,
} from "./servers.ts";
import { structuredValue } from "./values.ts";

interface Store {
  readonly title: string;
  readonly program: Program;
  start(): Promise<Server>;
  handler(url: string, options: ObjectOptions & { readonly bucket?: string }): ResultHandler;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly wrongSecrets: Readonly<Record<string, unknown>> | null;
}

const stores: readonly Store[] = [
  {
    title: "S3ResultHandler against versitygw",
    program: "versitygw",
    start: startS3,
    handler: (url, { bucket = "results", ...options }) => new S3ResultHandler({ bucket, endpoint: url, ...options }),
    secrets: { AWS_CREDENTIALS: s3Keys },
    wrongSecrets: { AWS_CREDENTIALS: { ...s3Keys, SECRET_ACCESS_KEY: "wrong-secret-key" } },
  },
  {
    title: "GCSResultHandler against fake-gcs-server",
    program: "fake-gcs-server",
    start: startGCS,
    handler: (url, { bucket = "results", ...options }) =>
      new GCSResultHandler({ bucket, apiEndpoint: url, ...options }),
    secrets: {},
    wrongSecrets: null,
  },
  {
    title: "AzureResultHandler against Azurite",
    program: "azurite-blob",
    start: startAzure,
    handler: (url, { bucket: container = "results", ...options }) =>
      new AzureResultHandler({ container, endpoint: `${url}/${azuriteAccount.ACCOUNT_NAME}`, ...options }),
    secrets: { AZ_CREDENTIALS: azuriteAccount },
    wrongSecrets: { AZ_CREDENTIALS: { ...azuriteAccount, ACCOUNT_KEY: Buffer.from("wrong").toString("base64") } },
  },
];

for (const store of stores) {
  describeWith(store.program, store.title, () => {
    let server: Server;
    let proxy: FaultProxy;
    const tools: HandlerTools = toolsOf(store.secrets);
    /** Patient, as nothing hangs unless a test says so: those tests name a time limit of their own. */
    const patient = { attempts: 3, timeout: 60_000 };
    const here = (options: ObjectOptions & { bucket?: string } = {}): ResultHandler =>
      store.handler(proxy.url, { ...patient, ...options });

    beforeAll(async () => {
      server = await store.start();
      proxy = await startFaultProxy(server.url);
    });
    afterEach(() => proxy.always(null));
    afterAll(async () => {
      await proxy?.close();
      await server?.close();
    });

    it("gives back any structured value, compressed or not", async () => {
      const handlers = [here(), here({ compression: "zstd" })];
      await fc.assert(
        fc.asyncProperty(structuredValue, fc.constantFrom(...handlers), async (value, handler) => {
          const location = await handler.write(value, contextOf(), tools);
          expect(location).toMatch(/^\d{4}\/\d{1,2}\/\d{1,2}\/[0-9a-f-]{36}\.prefect_result$/);
          expect(isDeepStrictEqual(await handler.read(location, tools), value)).toBe(true);
        }),
        { numRuns: 60 },
      );
    });

    it("gives back Buffers, streams and files as they are", async () => {
      const handler = here({ compression: "zstd", location: "{flow_name}/{task_full_name}-{parameters[day]}.bin" });
      const at = (day: string) => contextOf({ parameters: { day } });
      const large = randomBytes(20 * 1024 * 1024);
      const location = await handler.write(large, at("buffer"), tools);
      expect(location).toBe("weather/mean-buffer.bin");
      expect(large.equals((await handler.read(location, tools)) as Buffer)).toBe(true);

      const streamed = await handler.write(Readable.from(["one\n", "two\n"]), at("stream"), tools);
      const stream = await handler.read(streamed, tools);
      expect(stream).toBeInstanceOf(Readable);
      expect((await (stream as Readable).toArray()).join("")).toBe("one\ntwo\n");

      const scratch = await mkdtemp(join(tmpdir(), "results-"));
      await writeFile(join(scratch, "report.csv"), large);
      const filed = await handler.write(fileResult(join(scratch, "report.csv")), at("file"), tools);
      const file = await handler.read(filed, { ...tools, scratch });
      expect(file).toBeInstanceOf(FileResult);
      const { path } = file as FileResult;
      expect(path).toMatch(new RegExp(`^${scratch}/.*/report\\.csv$`));
      expect(large.equals(await readFile(path))).toBe(true);
    });

    it("finds what is there, at a target too", async () => {
      const handler = here();
      const target = "targets/2020-01-02.bin";
      expect(await handler.exists?.(target, tools)).toBe(false);
      expect(await handler.write({ a: 1 }, contextOf({ target }), tools)).toBe(target);
      expect(await handler.exists?.(target, tools)).toBe(true);
      expect(await handler.read(target, tools)).toEqual({ a: 1 });
    });

    it("says that a result is not there", async () => {
      const error = await refusal(here().read("2020/1/2/deleted.prefect_result", tools));
      expect(error.code).toBe("RESULT_MISSING");
      expect(error.message).toContain("results/2020/1/2/deleted.prefect_result is not there");
    });

    it("says that the bucket does not exist, for a value and for a stream", async () => {
      const handler = here({ bucket: "no-such-bucket" });
      for (const value of [1, Readable.from(["x"])]) {
        const error = await refusal(handler.write(value, contextOf(), tools));
        expect(error.code).toBe("RESULT_BUCKET_MISSING");
        expect(error.message).toContain('"no-such-bucket" does not exist. Create it, or correct');
      }
    });

    it.skipIf(store.wrongSecrets === null)(
      "names the credentials that have no permission, and not their value",
      async () => {
        const denied = toolsOf(store.wrongSecrets ?? {});
        for (const work of [() => here().write(1, contextOf(), denied), () => here().read("x", denied)]) {
          const error = await refusal(work());
          expect(error.code).toBe("RESULT_DENIED");
          expect(error.message).toMatch(
            /No permission to (read|write) .*results\/.* with the secret "[A-Z]+_CREDENTIALS"/,
          );
          expect(error.message).not.toMatch(/wrong/);
        }
      },
    );

    it.skipIf(store.wrongSecrets === null)("takes credentials that were corrected without a restart", async () => {
      let current = store.wrongSecrets ?? {};
      const changing = toolsOf({}, { secret: async (name) => current[name] });
      const handler = here();
      expect((await refusal(handler.write(1, contextOf(), changing))).code).toBe("RESULT_DENIED");
      current = store.secrets;
      expect(await handler.write(1, contextOf(), changing)).toMatch(/prefect_result$/);
    });

    it("gets over some 503s, resets and hangs, and loses nothing", async () => {
      const handler = here({ timeout: 2_000 });
      const value = { rows: [1, 2, new Date(0)] };
      proxy.next({ status: 503 }, "hang");
      const location = await handler.write(value, contextOf(), tools);
      proxy.next("hang", { status: 500 });
      expect(await handler.read(location, tools)).toEqual(value);
      proxy.next({ cutAfter: 10 }, { cutAfter: 0 });
      expect(await handler.read(location, tools)).toEqual(value);
      proxy.next({ status: 503 });
      expect(await handler.exists?.(location, tools)).toBe(true);
    });

    it("goes on with a large object where the connection broke", async () => {
      // Google's client does not tell of a connection that broke in the middle of a body: the time limit does.
      const handler = here({ timeout: 3_000 });
      const large = randomBytes(3 * 1024 * 1024);
      const location = await handler.write(Readable.from([large]), contextOf(), tools);
      proxy.next({ cutAfter: 1_000_000 }, { cutAfter: 1_000_000 });
      const before = proxy.seen.length;
      const stream = (await handler.read(location, tools)) as Readable;
      const hash = createHash("sha256");
      for await (const chunk of stream) hash.update(chunk as Buffer);
      expect(hash.digest("hex")).toBe(createHash("sha256").update(large).digest("hex"));
      expect(proxy.seen.length - before).toBe(3);
    });

    it("sends a part of a stream again, and gives up on a store that never answers", async () => {
      const handler = here({ attempts: 3, timeout: 3_000 });
      const large = randomBytes(20 * 1024 * 1024);
      proxy.next("pass", { status: 503 }, "pass", "hang");
      const location = await handler.write(Readable.from([large]), contextOf(), tools);
      const stream = (await handler.read(location, tools)) as Readable;
      expect(large.equals(Buffer.concat(await stream.toArray()))).toBe(true);
      proxy.always("hang");
      const error = await refusal(handler.write(Readable.from([large]), contextOf(), tools));
      expect(error.code).toBe("RESULT_WRITE_FAILED");
    });

    it("gives up on a store that stays out of order, and says so", async () => {
      const location = await here().write(1, contextOf(), tools);
      const handler = here({ attempts: 2, timeout: 500 });
      proxy.always({ status: 503 });
      const written = await refusal(handler.write(1, contextOf(), tools));
      expect(written.code).toBe("RESULT_WRITE_FAILED");
      expect((await refusal(handler.read(location, tools))).code).toBe("RESULT_READ_FAILED");
      proxy.always("hang");
      const error = await refusal(handler.read(location, tools));
      expect(error.code).toBe("RESULT_READ_FAILED");
      expect(error.message).toMatch(/no answer within 0.5 s|time ?d? ?out|timeout/i);
    });

    it("stops waiting when the run is cancelled", async () => {
      const handler = here({ timeout: 20_000 });
      const cancel = new AbortController();
      proxy.always("hang");
      const reading = handler.read("x", { ...tools, signal: cancel.signal });
      await expect.poll(() => proxy.seen.at(-1)).toContain("/x");
      cancel.abort(new DOMException("cancelled", "AbortError"));
      await expect(reading).rejects.toThrow("cancelled");
    });

    it("never takes a changed byte or a missing end for a result", async () => {
      const handler = here();
      for (const value of [{ text: "x".repeat(300) }, Buffer.alloc(300, 1)]) {
        const location = await handler.write(value, contextOf(), tools);
        proxy.next({ flipAt: 300 });
        const error = await refusal(handler.read(location, tools));
        expect(error.code).toBe("RESULT_DAMAGED");
        expect(error.message).toContain("sha256");
        expect(await handler.read(location, tools)).toEqual(value);
      }
    });

    it("limits how many results are written at once", async () => {
      const handler = here({ parallel: 2 });
      await handler.write(0, contextOf(), tools);
      proxy.always("hang");
      const before = proxy.seen.length;
      const cancel = new AbortController();
      const writes = Array.from({ length: 10 }, (_, item) =>
        handler.write(item, contextOf(), { ...tools, signal: cancel.signal }),
      );
      await expect.poll(() => proxy.seen.length - before).toBe(2);
      cancel.abort(new DOMException("cancelled", "AbortError"));
      await Promise.allSettled(writes);
    });
  });
}

describe("where an endpoint and credentials come from", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  describeWith("versitygw", "S3", () => {
    it("is the environment, when no secret and no endpoint is there", async () => {
      const server = await startS3();
      vi.stubEnv("AWS_ENDPOINT_URL_S3", server.url);
      vi.stubEnv("AWS_ACCESS_KEY_ID", s3Keys.ACCESS_KEY);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", s3Keys.SECRET_ACCESS_KEY);
      const handler = new S3ResultHandler({ bucket: "results" });
      expect(await handler.read(await handler.write([1], contextOf(), toolsOf()), toolsOf())).toEqual([1]);
      await server.close();
    });
  });

  describeWith("fake-gcs-server", "Google Cloud Storage", () => {
    it.each(["", "/storage/v1/"])("is STORAGE_EMULATOR_HOST (with %j)", async (path) => {
      const server = await startGCS();
      vi.stubEnv("STORAGE_EMULATOR_HOST", server.url + path);
      const handler = new GCSResultHandler({ bucket: "results" });
      expect(await handler.read(await handler.write([1], contextOf(), toolsOf()), toolsOf())).toEqual([1]);
      await server.close();
    });
  });

  describeWith("azurite-blob", "Azure", () => {
    it("is a connection string, from the environment or a secret", async () => {
      const { azureConnectionString } = await import("./servers.ts");
      const server = await startAzure();
      const bySecret = new AzureResultHandler({ container: "results", connectionStringSecret: "CONNECTION" });
      const tools = toolsOf({ CONNECTION: azureConnectionString(server.url) });
      const location = await bySecret.write([1], contextOf(), tools);
      vi.stubEnv("AZURE_STORAGE_CONNECTION_STRING", azureConnectionString(server.url));
      expect(await new AzureResultHandler({ container: "results" }).read(location, toolsOf())).toEqual([1]);
      await server.close();
    });
  });

  it("says what a credentials secret has to look like", async () => {
    const wrong = [
      [new S3ResultHandler({ bucket: "b" }), { AWS_CREDENTIALS: "text" }, "it is not an object"],
      [new S3ResultHandler({ bucket: "b" }), { AWS_CREDENTIALS: { ACCESS_KEY: "a" } }, "it has no SECRET_ACCESS_KEY"],
      [
        new GCSResultHandler({ bucket: "b" }),
        { GCP_CREDENTIALS: { client_email: 1 } },
        "its client_email is not a text",
      ],
      [
        new AzureResultHandler({ container: "c" }),
        { AZ_CREDENTIALS: { ACCOUNT_NAME: "a" } },
        "neither ACCOUNT_KEY nor",
      ],
      [new AzureResultHandler({ container: "c" }), {}, "it does not exist, AZURE_STORAGE_CONNECTION_STRING is not set"],
    ] as const;
    for (const [handler, secrets, problem] of wrong) {
      const error = await refusal(handler.read("x", toolsOf(secrets)));
      expect(error.code).toBe("RESULT_CREDENTIALS_INVALID");
      expect(error.message).toContain(problem);
    }
  });

  it("does not fall back to the environment where the author named a secret", async () => {
    const handler = new S3ResultHandler({ bucket: "b", credentialsSecret: "TEAM_KEYS" });
    await expect(handler.read("x", toolsOf())).rejects.toThrow('Secret "TEAM_KEYS" was not found');
  });

  it("keeps an outage of the secrets apart from a secret that does not exist", async () => {
    const handler = new S3ResultHandler({ bucket: "b" });
    const tools = toolsOf({}, { secret: () => Promise.reject(new Error("the API does not answer")) });
    await expect(handler.read("x", tools)).rejects.toThrow("the API does not answer");
  });
});

describe("a folder as the store", () => {
  it("names the folder that may not be written", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "results-")), "file");
    await writeFile(file, "");
    const error = await refusal(new LocalResultHandler({ dir: join(file, "dir") }).write(1, contextOf(), toolsOf()));
    expect(error.message).toContain(file);
  });
});
