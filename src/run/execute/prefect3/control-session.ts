import { connect, type Socket } from "node:net";
import type { ControlAddress } from "../../../config/index.ts";
import {
  acknowledged,
  hello,
  type Intent,
  type Receipt,
  receiptBytes,
  SupervisorMessages,
} from "./control-messages.ts";

/** Milliseconds that a supervisor has for its hello and for the answer to a receipt. */
const patience = 1_000;

export interface ControlSession {
  /** What the supervisor wants; null: nothing yet. */
  readonly intent: Intent | null;
  /** Calls `listener` once with what the supervisor wants, also when that has come before. The signal that goes with it comes later. */
  onIntent(listener: (intent: Intent) => void): void;
  /** Tells the supervisor how the attempt has ended. Resolves with whether it has heard. */
  report(receipt: Receipt): Promise<boolean>;
  close(): void;
}

/**
 * Opens the attempt control session that a worker of Prefect 3 offers its child process. One that cannot be opened, or
 * ends, costs only the time that it would have saved: signals and exit codes say the same.
 */
export function openControlSession({ port, token }: ControlAddress): ControlSession {
  const socket = connect({ port, host: "127.0.0.1" });
  const greeted = Promise.withResolvers<boolean>();
  const heard = Promise.withResolvers<boolean>();
  const wanted = Promise.withResolvers<Intent>();
  const messages = new SupervisorMessages();
  /** The first of an intent that was acknowledged and a receipt is the conclusion. */
  let isConcluded = false;
  let intent: Intent | null = null;
  socket.on("connect", () => {
    socket.write(`${token}\n`);
    socket.write(hello);
  });
  socket.on("data", (bytes: Buffer) => {
    for (const message of messages.take(bytes)) {
      if (message.kind === "hello") greeted.resolve(message.takesReceipts);
      if (message.kind === "received") heard.resolve(true);
      if (message.kind !== "intent" || isConcluded) continue;
      isConcluded = true;
      intent = message.intent;
      socket.write(acknowledged);
      wanted.resolve(message.intent);
    }
  });
  const end = (): void => {
    greeted.resolve(false);
    heard.resolve(false);
  };
  socket.on("error", end);
  socket.on("close", end);
  // The run, not this, decides how long the process lives.
  socket.unref();
  return {
    get intent() {
      return intent;
    },
    onIntent: (listener) => void wanted.promise.then(listener),
    report: async (receipt) => {
      const takesReceipts = await within(patience, greeted.promise);
      if (isConcluded || !takesReceipts) return false;
      isConcluded = true;
      return send(socket, receipt, heard.promise);
    },
    close: () => socket.destroy(),
  };
}

async function send(socket: Socket, receipt: Receipt, heard: Promise<boolean>): Promise<boolean> {
  const bytes = receiptBytes(receipt);
  if (bytes === null || socket.destroyed) return false;
  socket.write(bytes);
  return within(patience, heard);
}

/** False: it takes longer. */
async function within(milliseconds: number, answer: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), milliseconds);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
