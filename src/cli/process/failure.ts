import { ExitCode, FlowRunnerError } from "../../errors/index.ts";

/** What the process says last, and its exit code. */
export interface Failure {
  /** The message with the code. */
  readonly text: string;
  readonly message: string;
  /** The error's code; null: a mistake of ours. */
  readonly code: string | null;
  readonly exitCode: number;
}

/**
 * An error as its reader needs it. A mistake of the user's is one sentence and its code, without a stack; what the
 * system refuses (a full disk, a folder that may not be written) is named with its path; everything else is a mistake of
 * ours and comes with its stack.
 */
export function describeFailure(error: unknown): Failure {
  if (error instanceof FlowRunnerError) {
    const { message, code, exitCode } = error;
    return { text: `${message} [${code}]`, message, code, exitCode };
  }
  if (isSystemError(error)) {
    const what = [error.syscall, error.path ?? address(error)].filter(Boolean).join(" ");
    const reason = error.message.split(",")[0]?.replace(/^\w+: /, "") ?? error.message;
    return describeFailure(new FlowRunnerError("SYSTEM_REFUSED", { what, reason: `${reason} (${error.code})` }));
  }
  const stack = error instanceof Error ? (error.stack ?? String(error)) : `A value was thrown: ${String(error)}`;
  const message = `This is a mistake in flow-runner, not in your flow or command. Please report it with the lines below and the output of "flow-runner --version"; README.md, "Reporting a mistake", says where.\n${stack}`;
  return { text: message, message, code: null, exitCode: ExitCode.failed };
}

/**
 * A failure for a program to read, one line on stderr: what a command that was given `--json` says in the place of the
 * sentence.
 *
 * @example
 * ```json
 * {"error":{"code":"FLOW_RUN_UNKNOWN","message":"…","exitCode":2}}
 * ```
 */
export const failureJson = ({ code, message, exitCode }: Omit<Failure, "text">): string =>
  JSON.stringify({ error: { code, message, exitCode } });

type SystemError = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

const address = ({ address: host, port }: SystemError): string =>
  [host, port].filter((part) => part !== undefined).join(":");
