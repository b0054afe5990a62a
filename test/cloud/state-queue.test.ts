import { expect, test } from "vitest";
import type { Api } from "../../src/cloud/port/api.ts";
import type { Batch, BatchAnswers } from "../../src/cloud/port/batch.ts";
import { StateQueue } from "../../src/cloud/run/state-queue.ts";
import { makeState, success } from "../../src/state/index.ts";
import { ManualClock } from "./manual-clock.ts";

const turn = async () => {
  for (let at = 0; at < 5; at += 1) await new Promise(setImmediate);
};

/** An API that answers when it is told to. */
function slowApi() {
  const batches: Batch[] = [];
  const answers: (() => void)[] = [];
  const submit = (batch: Batch) =>
    new Promise<BatchAnswers>((resolve) => {
      batches.push(batch);
      answers.push(() =>
        resolve({
          creations: batch.creations.map(() => ({ status: "refused", reason: "none" })),
          taskStates: batch.taskStates.map(() => ({ status: "accepted" })),
          flowStates: batch.flowStates.map(() => ({ status: "accepted" })),
        }),
      );
    });
  return { api: { submit } as unknown as Api, batches, answer: () => answers.shift()?.() };
}

const item = (taskRunId: string, message = "m") => ({ taskRunId, state: success(message), version: null });

function open() {
  const clock = new ManualClock();
  const { api, batches, answer } = slowApi();
  return { clock, batches, answer, queue: new StateQueue(api, "fr-1", clock, new AbortController().signal) };
}

test("one request is under way at a time; what comes meanwhile goes out together", async () => {
  const { queue, batches, answer } = open();
  const first = queue.setTaskState(item("a"));
  await turn();
  const later = ["b", "c"].map((id) => queue.setTaskState(item(id)));
  void queue.create({ taskId: "t", mapIndex: 0 });
  await turn();
  expect(batches).toHaveLength(1);
  answer();
  expect(await first).toEqual({ status: "accepted" });
  await turn();
  expect(batches[1]?.taskStates.map(({ taskRunId }) => taskRunId)).toEqual(["b", "c"]);
  expect(batches[1]?.creations).toHaveLength(1);
  answer();
  await Promise.all([...later, queue.idle()]);
});

test("a flow state goes behind what was asked for before it, and before what is asked for after it", async () => {
  const { queue, batches, answer } = open();
  void queue.setTaskState(item("before"));
  void queue.setFlowState({ state: makeState("Success", "all"), version: null });
  void queue.setTaskState(item("after"));
  await turn();
  answer();
  await turn();
  expect(
    batches.map(({ taskStates, flowStates }) => [taskStates.map((each) => each.taskRunId), flowStates.length]),
  ).toEqual([
    [["before"], 1],
    [["after"], 0],
  ]);
});

test("at most 200 of a kind go at once", async () => {
  const { queue, batches, answer } = open();
  for (let at = 0; at < 450; at += 1) void queue.setTaskState(item(String(at)));
  for (let round = 0; round < 3; round += 1) {
    await turn();
    answer();
  }
  await turn();
  expect(batches.map(({ taskStates }) => taskStates.length)).toEqual([200, 200, 50]);
});

test("while many runs are on the move, a near API gets one request for several of them", async () => {
  const { queue, batches, answer, clock } = open();
  for (let at = 0; at < 10; at += 1) void queue.setTaskState(item(String(at)));
  await turn();
  answer();
  await turn();
  void queue.setTaskState(item("x"));
  await turn();
  expect(batches).toHaveLength(1);
  void queue.setTaskState(item("y"));
  clock.advance(5);
  await turn();
  expect(batches[1]?.taskStates).toHaveLength(2);
  answer();
});

test("a chain of single tasks never waits", async () => {
  const { queue, batches, answer } = open();
  for (let at = 1; at <= 5; at += 1) {
    const ack = queue.setTaskState(item(String(at)));
    await turn();
    expect(batches).toHaveLength(at);
    answer();
    await ack;
  }
});

test("an error of the client itself reaches whoever waits", async () => {
  const queue = new StateQueue(
    { submit: () => Promise.reject(new TypeError("a mistake")) } as unknown as Api,
    "fr-1",
    new ManualClock(),
    new AbortController().signal,
  );
  await expect(queue.setTaskState(item("a"))).rejects.toThrow("a mistake");
  await queue.idle();
});
