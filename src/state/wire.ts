/** The wire forms. They parse with zod, which an author's flow is not to load: so they are not in `index.ts`. */
export { fromWire1x, toWire1x, type WireState1x } from "./wire-1x.ts";
