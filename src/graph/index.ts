export * from "./graph.ts";
export { type GraphIndex, indexGraph } from "./graph-index.ts";
export { mermaid } from "./mermaid.ts";
export {
  type RegistrationForm,
  type RegistrationOptions,
  registrationForm,
  registrationFormSchema,
} from "./registration/index.ts";
export { slugify } from "./slugify.ts";
export { topologicalOrder } from "./topological-order.ts";
export {
  type BuiltInTrigger,
  evaluateTrigger,
  isBuiltInTrigger,
  type TriggerOptions,
  type TriggerVerdict,
} from "./trigger.ts";
