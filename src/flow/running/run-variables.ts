/**
 * Variables of Prefect 3: named JSON values that are kept beside the flows. Those of the run's context come first
 * (`PREFECT__CONTEXT__VARIABLES__REGION=eu`, or `flow.run({ context: { variables: { region: "eu" } } })`); without an API
 * of Prefect 3 there are no others.
 */
export interface RunVariables {
  /**
   * The variable's value, or the default where there is none of that name (Prefect 3: `Variable.get`).
   *
   * @throws FlowRunnerError `VARIABLES_LACKING`, where there is neither an API that has variables nor a default
   * @example
   * ```ts
   * const region = await context.variables.get("region", "eu");
   * const limits = await context.variables.get<{ rows: number }>("limits");
   * ```
   */
  get<Value>(name: string, fallback: Value): Promise<Value>;
  get<Value = unknown>(name: string): Promise<Value | undefined>;
  /**
   * Makes a variable (Prefect 3: `Variable.set`).
   *
   * @param value - JSON; without secrets, which anybody could read there
   * @throws FlowRunnerError `VARIABLE_INVALID`, `VARIABLE_EXISTS` (say `overwrite`), `VARIABLES_LACKING`, `SECRET_IN_VALUE`
   */
  set(
    name: string,
    value: unknown,
    options?: { readonly overwrite?: boolean; readonly tags?: readonly string[] },
  ): Promise<void>;
}
