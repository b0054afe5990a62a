import { row } from "../define.ts";

/** Errors of the embedded API (`src/api/`) before it answers requests; what it answers is in GraphQL's own form. */
export const apiErrors = {
  API_DATA_UNREADABLE: row<{ path: string; reason: string }>(
    "usage",
    ({ path, reason }) =>
      `The API cannot open its data file ${path}: ${reason}. Give a path in an existing folder that this user may write to.`,
  ),
  API_DATA_FOREIGN: row<{ path: string }>(
    "usage",
    ({ path }) =>
      `${path} is not a data file of this API, and was left as it is. Give the path of another file, or of one that does not exist yet.`,
  ),
  API_DATA_NEWER: row<{ path: string; found: number; known: number }>(
    "usage",
    ({ path, found, known }) =>
      `${path} was written by a newer flow-runner (data version ${found}, this one knows up to ${known}), and was left as it is. Start the API with that newer flow-runner, or give another file.`,
  ),
  API_DATA_BUSY: row<{ path: string }>(
    "usage",
    ({ path }) =>
      `${path} is locked by another process that has been writing to it for several seconds. End that process, or give another file.`,
  ),
  API_SECRET_KEY_LOST: row<{ path: string; keyPath: string }>(
    "usage",
    ({ path, keyPath }) =>
      `${path} holds secrets, but the key that reads them, ${keyPath}, is missing or is another one. Put the key file back beside the data file.`,
  ),
  API_ADDRESS_UNUSABLE: row<{ host: string; port: number; reason: string }>(
    "usage",
    ({ host, port, reason }) =>
      `The API cannot listen on ${host}, port ${port}: ${reason}. Choose another --port (0 takes a free one).`,
  ),
  RECORDING_EXISTS: row<{ path: string }>(
    "usage",
    ({ path }) => `${path} is there already, and was left as it is. Give --record a file that does not exist yet.`,
  ),
  RECORDING_UNWRITABLE: row<{ path: string; reason: string }>(
    "usage",
    ({ path, reason }) =>
      `The recording ${path} cannot be written: ${reason}. Give --record a file in a folder of yours.`,
  ),
  RECORDING_UNREADABLE: row<{ path: string; reason: string }>(
    "usage",
    ({ path, reason }) => `The recording ${path} cannot be read: ${reason}.`,
  ),
  RECORDING_FOREIGN: row<{ path: string }>(
    "usage",
    ({ path }) =>
      `${path} is no recording: its line 1 is not that of one. Give --replay a file that flow-runner api --record has written.`,
  ),
  RECORDING_NEWER: row<{ path: string; found: number; known: number }>(
    "usage",
    ({ path, found, known }) =>
      `The recording ${path} was written by a newer flow-runner (format ${found}, this one knows up to ${known}). Play it with that one.`,
  ),
  RECORDING_LINE_BROKEN: row<{ path: string; line: number; reason: string }>(
    "usage",
    ({ path, line, reason }) =>
      `Line ${line} of the recording ${path} is no exchange: ${reason}. Take the line out to play the rest.`,
  ),
  RECORDING_UNPLAYABLE: row<{ path: string; reason: string }>(
    "usage",
    ({ path, reason }) => `The recording ${path} cannot be played: ${reason}.`,
  ),
  RECORDING_FLAGS: row<{ problem: string }>(
    "usage",
    ({ problem }) =>
      `${problem}. A conversation is kept with: flow-runner api --record FILE --upstream URL, and played with: flow-runner api --replay FILE.`,
  ),
};
