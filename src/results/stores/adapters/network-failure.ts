const passing = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
  "REQUEST_SEND_ERROR",
]);

/** Whether an error, or what caused it, is a connection that failed, broke or timed out. */
export function isNetworkFailure(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const code: unknown = Reflect.get(current, "code");
    if (typeof code === "string" && passing.has(code)) return true;
    if (current.name === "TimeoutError" || current.message === "aborted") return true;
    const errors: unknown = Reflect.get(current, "errors");
    if (current instanceof AggregateError && Array.isArray(errors) && errors.some(isNetworkFailure)) return true;
  }
  return false;
}

/** Whether an http status says that trying again may help. */
export function isPassingStatus(status: unknown): boolean {
  return status === 408 || status === 429 || (typeof status === "number" && status >= 500);
}

/** One line of an error, for a reason inside a sentence; `status` where the error itself says nothing. */
export function reasonOf(error: unknown, status?: number): string {
  if (!(error instanceof Error)) return String(error);
  const text = (error.message.trim().split("\n", 1)[0] ?? "").replace(/[.\s]+$/, "");
  const says = text !== "" && !/^(UnknownError|RestError|Error)$/.test(text);
  if (says) return text;
  if (status !== undefined) return `http status ${status}`;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : error.name;
}
