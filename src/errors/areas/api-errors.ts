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
};
