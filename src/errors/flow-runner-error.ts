import { ExitCode } from "./define.ts";
import { type ErrorCode, type ErrorDetails, errorTable } from "./table.ts";

const brand = Symbol.for("flow-runner.error");

/**
 * The one error class of this package; `code` says which row of the error table it is.
 *
 * `instanceof` holds across copies of the package (a flow bundles none, but a test may load two), since it looks
 * for a brand and not for the constructor.
 *
 * @example
 * ```ts
 * try { await Flow.load("weather"); }
 * catch (error) { if (error instanceof FlowRunnerError && error.code === "ARTIFACT_TRUNCATED") rebuild(); }
 * ```
 */
export class FlowRunnerError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "FlowRunnerError";
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** The exit code of a process that ends with this error. */
  readonly exitCode: number;

  constructor(code: Code, details: ErrorDetails<Code>, options?: ErrorOptions) {
    const entry = errorTable[code];
    super((entry.message as (details: ErrorDetails<Code>) => string)(details), options);
    this.code = code;
    this.details = details;
    this.exitCode = ExitCode[entry.exit];
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}
