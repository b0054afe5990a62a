/** Zod schemas are in `schemas.ts`: what is here loads no library. */
export type * from "./graph.ts";
export { indexGraph } from "./graph-index.ts";
export { mermaid } from "./mermaid.ts";
export type * from "./registration/form.ts";
export { registrationForm } from "./registration/registration-form.ts";
export { slugify } from "./slugify.ts";
export { topologicalOrder } from "./topological-order.ts";
export { type BuiltInTrigger, evaluateTrigger } from "./trigger.ts";
