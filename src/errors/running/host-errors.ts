import { row } from "../define.ts";

/** Errors of the host, the process that runs the flow's own code (`src/host/`). */
export const hostErrors = {
  FRAME_TOO_LARGE: row<{ type: string; size: number; about: string }>(
    "failed",
    ({ type, size, about }) =>
      `A "${type}" frame about ${about} has ${size} bytes; the limit is 1048576. Values stay in the host, so what is too long is text: shorten the message, name or parameter.`,
  ),
  FRAME_MALFORMED: row<{ excerpt: string; problem: string }>(
    "failed",
    ({ excerpt, problem }) =>
      `The other side of the host protocol sent a line that is not a frame (${problem}): ${excerpt}. Nothing but the host may write to file descriptor 3.`,
  ),
  FRAME_FORGED: row<{ excerpt: string }>(
    "failed",
    ({ excerpt }) =>
      `A line came on the control channel that is not the host's own: ${excerpt}. The flow's code, or a library of it, has written to file descriptor 3, which belongs to the host alone.`,
  ),
  CHANNEL_CLOSED: row(
    "failed",
    () =>
      "It was closed while the host lived: the flow's code, or a library of it, has closed file descriptor 3, which belongs to the host alone.",
  ),
  CHANNEL_FLOODED: row(
    "failed",
    () =>
      "The host asked its runner without end, and read none of the answers: the flow's code, or a library of it, writes to file descriptor 3, which belongs to the host alone.",
  ),
  HOST_NOT_STARTED: row<{ reason: string }>(
    "flow",
    ({ reason }) => `The host process, which loads the flow, ended before the flow was ready: ${reason}.`,
  ),
  HOST_USER_REFUSED: row<{ user: string; reason: string }>(
    "usage",
    ({ user, reason }) =>
      `FLOW_RUNNER__HOST_USER asks for the flow's code to run as "${user}", and ${reason}. Name a user of the image (node, 1000, 1000:1000), start the container as root, or leave the variable out.`,
  ),
  HOST_BROKEN: row<{ reason: string }>(
    "failed",
    ({ reason }) => `The host process, which runs the flow's code, cannot go on: ${reason}.`,
  ),
  RESULT_UNREADABLE: row<{ task: string; handler: string }>(
    "flow",
    ({ task, handler }) =>
      `A result of task "${task}" was written by a "${handler}", which nothing here can read. Give the task the handler that the result was written with.`,
  ),
  MEMORY_RESULT_GONE: row<{ location: string }>(
    "failed",
    ({ location }) =>
      `The result ${location} was kept in the memory of a process that has ended. Give the task a result handler.`,
  ),
  SECRET_IN_RESULT: row<{ task: string; path: string; secret: string }>(
    "failed",
    ({ task, path, secret }) =>
      `The result of task "${task}" holds the secret "${secret}" at ${path}, and would be persisted. Return what was made with the secret and not the secret itself, or set checkpoint: false on the task.`,
  ),
  RESULT_NOT_DATA: row<{ task: string; kind: string }>(
    "failed",
    ({ task, kind }) =>
      `Task '${task}' returned a ${kind}. A result must be data that can be handed on and persisted: return what the ${kind} makes, or call it in the task that needs it.`,
  ),
  FLOW_NOT_IN_FILE: row<{ file: string; flow: string | null; flows: readonly string[] }>(
    "flow",
    ({ file, flow, flows }) =>
      flow === null
        ? `${file} holds ${flows.length} flows (${flows.join(", ")}): say which one with --flow NAME.`
        : `${file} holds no flow named "${flow}"; it holds: ${flows.join(", ") || "none"}.`,
  ),
};
