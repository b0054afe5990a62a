import type { LogRecord } from "../../engine/index.ts";
import { FlowRunnerError } from "../../errors/index.ts";
import type { Api } from "../port/api.ts";
import type { CallOptions } from "../port/call.ts";

/**
 * Writes records, in order. A batch that is rejected is halved until the record to blame stands alone; a note takes its
 * place, so that one record which the API refuses does not hold up the rest.
 *
 * @throws FlowRunnerError those of `Api` that are no judgement of a record
 */
export async function writeLogs(
  api: Api,
  flowRunId: string,
  records: readonly LogRecord[],
  options: CallOptions = {},
): Promise<void> {
  try {
    await send(api, flowRunId, records, options);
  } catch (error) {
    if (!isRejection(error)) throw error;
    const [only] = records;
    if (only === undefined) return;
    if (records.length === 1) return send(api, flowRunId, [noteAbout(only, error.message)], options);
    const middle = Math.ceil(records.length / 2);
    await writeLogs(api, flowRunId, records.slice(0, middle), options);
    await writeLogs(api, flowRunId, records.slice(middle), options);
  }
}

async function send(api: Api, flowRunId: string, records: readonly LogRecord[], options: CallOptions): Promise<void> {
  const unwanted = await api.writeLogs(flowRunId, records, options);
  if (unwanted.length === 0) return;
  const notes = unwanted.map(({ record, reason }) => noteAbout(record, reason));
  await api.writeLogs(flowRunId, notes, options);
}

/** Without the task run's id: that may be what the API did not like. */
function noteAbout(record: LogRecord, reason: string): LogRecord {
  const message = `A log record of ${record.message.length} characters is missing here. ${reason.slice(0, 500)}`;
  return { ...record, name: "prefect.flow-runner", message, taskRunId: null };
}

/** The API understood the request and does not want it; anything else may pass. */
function isRejection(error: unknown): error is FlowRunnerError {
  if (!(error instanceof FlowRunnerError)) return false;
  if (error.code === "API_REFUSED") return true;
  return error.code === "API_REJECTED" && [400, 413, 422].includes((error.details as { status: number }).status);
}
