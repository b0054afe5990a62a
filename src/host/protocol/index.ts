export { encodeFrame, FrameReader, longestFrame, readFrame } from "./codec.ts";
export { type FromHost, fromHostSchema } from "./from-host.ts";
export { type ToHost, toHostSchema } from "./to-host.ts";
export { type ToldError, tellError, toldError } from "./told-error.ts";
export type { Usage } from "./usage.ts";
