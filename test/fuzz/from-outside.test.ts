import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openArtifact, openManifest } from "../../src/artifact/format/open-artifact.ts";
import { saveArtifact } from "../../src/artifact/index.ts";
import { GraphqlClient } from "../../src/cloud/graphql/client/graphql-client.ts";
import { dialects } from "../../src/cloud/graphql/dialect/dialects.ts";
import { graphqlApi } from "../../src/cloud/graphql/graphql-api.ts";
import { Outage } from "../../src/cloud/transport/outage.ts";
import { parseRunnerEnvironment } from "../../src/config/index.ts";
import { HostChannel } from "../../src/host/runner/process/host-channel.ts";
import { readLines } from "../../src/host/runner/process/output-lines.ts";
import { LineMarks, OwnerMarks, readRecord } from "../../src/host/runner/process/output-marks.ts";
import { fromWire1x, fromWire07 } from "../../src/state/wire/index.ts";
import { oneTask, project } from "../artifact/project.ts";
import { taken } from "./clear-error.ts";
import { mutatedBytes, mutatedJson, mutatedText } from "./mutations.ts";
import { environments, flowRunAnswers, frames, otherAnswers, states1x, states07 } from "./samples.ts";

/** `scripts/fuzz` asks for a million, over all of them; here each takes a share. */
const runs = Math.ceil(Number(process.env.FUZZ_INPUTS ?? 12_000) / 6);
const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };

/** Each input is taken, or refused in a sentence; of either there are some. */
async function fuzz<Input>(inputs: fc.Arbitrary<Input>, use: (input: Input) => unknown): Promise<void> {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => void seen.add(await taken(() => use(input)))),
    { numRuns: runs, ...seed },
  );
  expect([...seen].sort()).toEqual(["refused", "taken"]);
}

const noClock = { now: () => 0, until: async () => undefined };

describe("what comes from outside is taken, or refused in a sentence that says why", () => {
  it("as an answer of the API", async () => {
    const bodies = fc.oneof(
      mutatedJson(flowRunAnswers).map((json) => JSON.stringify(json) ?? ""),
      mutatedJson(otherAnswers).map((json) => JSON.stringify(json) ?? ""),
      mutatedText(flowRunAnswers.slice(0, 4).map((json) => JSON.stringify(json))),
    );
    const status = fc.oneof(
      { weight: 9, arbitrary: fc.constant(200) },
      fc.constantFrom(204, 302, 400, 401, 404, 429, 502),
    );
    await fuzz(fc.tuple(status, bodies, fc.constantFrom(0, 1, 2, 3, 4, 5)), async ([status, body, question]) => {
      const client = new GraphqlClient({
        http: {
          address: "http://api",
          send: async () => ({ status, body, retryAfter: null, date: null }),
          socket: () => Promise.reject(new Error("it has none")),
          close: () => undefined,
        },
        retry: { clock: noClock, outage: new Outage(noClock, 0, () => undefined), random: () => 0 },
        key: "key",
        tenantId: null,
        requestTimeout: 1_000,
        dialect: dialects["1.x"],
      });
      const api = graphqlApi(client, { tenantId: null, queueInterval: 0, close: () => undefined });
      const options = { tries: 1 };
      const record = { time: 0, level: "INFO", name: "prefect", message: "line", taskRunId: null } as const;
      const asked = [
        () => api.flowRunInfo("7e120550-b7cd-481c-a0ee-02955601c689", options),
        () => api.flowRunState("7e120550-b7cd-481c-a0ee-02955601c689", options),
        () => api.taskRunStates(["r1", "r2"], options),
        () => api.writeLogs("run", [record], options),
        () => api.heartbeat("run", options),
        () => api.secretValue("TOKEN", options),
      ];
      await asked[question]?.();
    });
  });

  it("as a state, in either dialect", async () => {
    const read = { "1.x": fromWire1x, "0.7": fromWire07 };
    await fuzz(
      fc.tuple(fc.constantFrom("1.x" as const, "0.7" as const), mutatedJson([...states1x, ...states07])),
      ([dialect, json]) => read[dialect](json, "task run r1"),
    );
  });

  it("as an artifact", async () => {
    const author = await project({ "flow.ts": oneTask("fuzzed") });
    const { path } = await saveArtifact({ flows: author.path("flow.ts"), output: author.path("fuzzed.prefect") });
    await fuzz(mutatedBytes([readFileSync(path)]), (bytes) => {
      openManifest(path, bytes);
      openArtifact(path, bytes, null);
    });
  });

  it("as a frame of a host, wherever the channel is cut", async () => {
    const seal = "2f1c";
    const lines = frames.map((frame) => `${seal}${JSON.stringify(frame)}\n`);
    const input = fc.oneof(
      mutatedJson(frames).map((json) => Buffer.from(`${seal}${JSON.stringify(json)}\n`)),
      mutatedBytes([Buffer.from(lines.join("")), ...lines.map((line) => Buffer.from(line))]),
    );
    await fuzz(fc.tuple(input, fc.double({ min: 0, max: 1, noNaN: true })), ([bytes, place]) => {
      const socket = new PassThrough();
      let problem: unknown = null;
      new HostChannel(socket as unknown as Socket, {
        seal,
        take: () => undefined,
        broken: (error) => {
          problem = error;
        },
        closed: () => undefined,
      });
      const at = Math.floor(place * bytes.length);
      for (const part of [bytes.subarray(0, at), bytes.subarray(at)]) socket.emit("data", part);
      if (problem !== null) throw problem;
    });
  });

  it("as the environment", async () => {
    const changed = fc
      .tuple(
        fc.constantFrom(...environments),
        fc.nat(),
        mutatedText(environments.flatMap((env) => Object.values(env))),
        fc.boolean(),
      )
      .map(([env, which, text, isGone]) => {
        const names = Object.keys(env);
        const name = names[which % names.length] as string;
        const { [name]: _, ...rest } = env;
        return isGone ? rest : { ...rest, [name]: text };
      });
    await fuzz(changed, (env) => parseRunnerEnvironment(env, { path: "", tables: {} }));
  });

  it("as what a host prints: no line is ever refused, and nothing is lost but marks", async () => {
    const marked =
      '\u0001stdout 1764092713000 a\u0002one\n\u0001log 1764092713001 \u0002["INFO","prefect.x","two"]\nthree';
    await fc.assert(
      fc.asyncProperty(mutatedText([marked, "\u0001a\u0002one\ntwo\u0001\u0002\n", "plain\n"]), async (text) => {
        for (const marks of [new LineMarks(), new OwnerMarks("stderr")]) {
          const pipe = new PassThrough();
          let length = 0;
          readLines(
            pipe,
            marks,
            (line, mark) => {
              length += line.length;
              if (mark.stream === "log") readRecord(line, mark);
            },
            () => ({ write: String, end: () => "" }),
          );
          pipe.end(text);
          await new Promise((resolve) => pipe.on("end", resolve));
          // biome-ignore lint/suspicious/noControlCharactersInRegex: marks are made of them.
          expect(length).toBeGreaterThanOrEqual(text.replaceAll(/\u0001[^\u0002]*\u0002|[\r\n]/g, "").length);
        }
      }),
      { numRuns: runs, ...seed },
    );
  });
});
