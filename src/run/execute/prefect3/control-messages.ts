/**
 * The bytes of an attempt control session, by which a process worker or runner of Prefect 3 and the process it has started
 * speak over a connection on the loopback interface. Prefect 3: `prefect.runner._control_channel`.
 *
 * 1. child: the token and a line feed, within five seconds
 * 2. child: hello, `00 'P' 'F' version capabilities`; the supervisor answers with its own. Those before 3.8.4 say nothing.
 * 3. supervisor: an intent, one letter, which the child answers with `a` within a second; or child: a receipt, `01`, its
 *    length as four bytes (big endian) and JSON, which the supervisor answers with `02`. What comes first is final.
 */

/** What the supervisor wants of the attempt. */
export type Intent = "cancel" | "reschedule" | "relinquish";

/** What a process says of its end, so that its exit code does not matter. */
export type Receipt =
  | {
      readonly disposition: "STATE_REPORTED";
      readonly state_id: string;
      readonly state_type: string;
      readonly state_name: string;
    }
  | { readonly disposition: "ORCHESTRATION_ABORTED" };

export type SupervisorMessage =
  | { readonly kind: "hello"; readonly takesReceipts: boolean }
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "received" };

const helloStart = 0x00;
const helloLength = 5;
const takesReceipts = 1;

/** Version 2, with receipts. */
export const hello = Buffer.from([helloStart, 0x50, 0x46, 2, takesReceipts]);
export const acknowledged = Buffer.from("a");

/** The supervisor takes no longer one. */
const longestReceipt = 4_096;

/** Null: it is too long to be sent. */
export function receiptBytes(receipt: Receipt): Buffer | null {
  const json = Buffer.from(JSON.stringify(receipt));
  if (json.length > longestReceipt) return null;
  const head = Buffer.alloc(5);
  head.writeUInt8(0x01);
  head.writeUInt32BE(json.length, 1);
  return Buffer.concat([head, json]);
}

const intents: Readonly<Record<string, Intent>> = { c: "cancel", r: "reschedule", q: "relinquish" };
const received = 0x02;

/** Takes messages out of bytes as they come, however they are cut. What it does not know is passed over. */
export class SupervisorMessages {
  #rest: Buffer = Buffer.alloc(0);

  *take(bytes: Buffer): Generator<SupervisorMessage> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length > 0) {
      const [first = 0] = this.#rest;
      if (first === helloStart) {
        if (this.#rest.length < helloLength) return;
        yield { kind: "hello", takesReceipts: ((this.#rest[4] ?? 0) & takesReceipts) !== 0 };
      }
      this.#rest = this.#rest.subarray(first === helloStart ? helloLength : 1);
      const intent = intents[String.fromCharCode(first)];
      if (intent !== undefined) yield { kind: "intent", intent };
      if (first === received) yield { kind: "received" };
    }
  }
}
