/**
 * The zod schemas of this folder, for those who parse a graph or a registration that comes from outside. They are not in
 * `index.ts`, since an author's flow imports that and shall not pay for loading zod.
 */
export {
  cacheValidatorSchema,
  edgeSchema,
  environmentSchema,
  flowGraphSchema,
  parameterSchema,
  taskSchema,
  triggerSchema,
} from "./graph.ts";
export {
  edgeFormSchema,
  parameterFormSchema,
  registrationFormSchema,
  taskFormSchema,
} from "./registration/form.ts";
