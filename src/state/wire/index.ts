/** The wire forms. They parse with zod, which an author's flow is not to load: so they are not in the index above. */
export { fromWire07, toWire07, type WireState07 } from "./wire-0.7.ts";
export { fromWire1x, toWire1x, type WireState1x } from "./wire-1x.ts";
export { fromWire3, isEnd3, toWire3, type WireState3 } from "./wire-3.ts";
