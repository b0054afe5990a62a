export {
  type EdgeForm,
  edgeFormSchema,
  type ParameterForm,
  parameterFormSchema,
  type RegistrationForm,
  registrationFormSchema,
  type TaskForm,
  taskFormSchema,
} from "./form.ts";
export { type RegistrationOptions, registrationForm } from "./registration-form.ts";
