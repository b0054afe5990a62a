import type { RecordOptions, ReplayOptions, ServedConversation } from "./recording.ts";

/**
 * Stands before a real server, hands on what is asked and answered, and keeps it in a file that does not exist yet.
 * Secrets are not written: no header is, and a value is not that a secret's answer, a block, a key or its name gives
 * away, wherever it appears. WebSockets are refused, so that a runner asks instead of listening.
 *
 * @throws FlowRunnerError API_URL_INVALID, API_CERTIFICATES_UNREADABLE, RECORDING_EXISTS, RECORDING_UNWRITABLE,
 * API_ADDRESS_UNUSABLE
 */
export async function recordApi(options: RecordOptions): Promise<ServedConversation> {
  return (await import("./record/record-api.ts")).startRecording(options);
}

/**
 * Answers as the server in a recording did, of GraphQL or of Prefect 3.
 *
 * @throws FlowRunnerError RECORDING_UNREADABLE, RECORDING_FOREIGN, RECORDING_NEWER, RECORDING_LINE_BROKEN,
 * RECORDING_UNPLAYABLE, API_ADDRESS_UNUSABLE
 */
export async function replayApi(options: ReplayOptions): Promise<ServedConversation> {
  return (await import("./play/replay-api.ts")).startReplay(options);
}
