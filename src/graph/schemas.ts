/**
 * The zod schemas of this folder, for those who parse a graph or a registration that comes from outside. They are not in
 * `index.ts`, since an author's flow imports that and shall not pay for loading zod.
 */
export { edgeSchema, flowGraphSchema, taskSchema } from "./graph.ts";
export { registrationFormSchema } from "./registration/form.ts";
export { readSchedule } from "./registration/schedule/read-schedule.ts";
