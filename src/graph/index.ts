/** Zod schemas are in `schemas.ts`: what is here loads no library. */
export { type ParameterSchema, parameterSchema } from "./deployment/parameter-schema.ts";
export { type DeploymentSchedule, deploymentSchedules } from "./deployment/schedule-forms.ts";
export type * from "./graph.ts";
export { indexGraph } from "./graph-index.ts";
export { formSchema } from "./json-schema/form-schema.ts";
export { problemTexts, type ValueProblem } from "./json-schema/problem-texts.ts";
export { mermaid } from "./mermaid.ts";
export type * from "./registration/form.ts";
export { type RegistrationOptions, registrationForm, registrationForm07 } from "./registration/registration-form.ts";
export { readCron } from "./schedule/cron-pattern.ts";
export type * from "./schedule/schedule.ts";
export { firstDate, isoText, isTimeZone, zonedDate } from "./schedule/zoned-date.ts";
export { slugify } from "./slugify.ts";
export { topologicalOrder } from "./topological-order.ts";
export { type BuiltInTrigger, evaluateTrigger } from "./trigger.ts";
