/**
 * An event of Chrome's trace event format, which `chrome://tracing`, DevTools and Perfetto read: `X` is a span, `i` a
 * moment, `C` a measure, `M` the name of a process or of a row in it, or where the
 * process stands among the others; an arrow goes from an `s` to the `f` of the same id. Times are microseconds.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export interface TraceEvent {
  readonly ph: "X" | "i" | "C" | "M" | "s" | "f";
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  /** Of an arrow's end: it points at the span around it. */
  readonly bp?: "e";
  /** Of a moment: it is its row's own. */
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What becomes a span in some row. */
export interface Span {
  /** Epoch milliseconds. */
  readonly began: number;
  /** Milliseconds. */
  readonly took: number;
  readonly name: string;
  readonly cat: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Parts of it. */
  readonly inner: readonly Span[];
}
