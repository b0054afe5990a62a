import { print, valueFromASTUntyped } from "graphql";
import { snakeCase } from "../../../dialect-0.7/operations.ts";
import { fieldNodes, type Operation, operationNode, readOperation } from "../../../http/operation.ts";
import { withoutChance } from "../without-chance.ts";

/** A root field of a GraphQL operation. */
export interface AskedField {
  readonly alias: string;
  /** In Prefect 1.x's spelling: `set_task_run_states`. */
  readonly name: string;
  readonly changes: boolean;
  /** Its arguments, variables put in. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Names of the fields of its answer at the first level. */
  readonly columns: readonly string[];
  /** What is asked of whom, without times and random keys: the same for the same question in another run. */
  readonly question: string;
}

/** The root fields of a body that was sent, which may be a list of operations; none where it is no GraphQL. */
export function fieldsOf(body: unknown): readonly AskedField[] {
  return [body].flat().flatMap((each) => {
    const operation = readOperation(each, false);
    return "status" in operation ? [] : askedFields(operation);
  });
}

/** None where the document cannot be read. */
export function askedFields(sent: Operation): readonly AskedField[] {
  const operation = operationNode(sent);
  return fieldNodes(operation?.selectionSet).map((field) => {
    const given = (field.arguments ?? []).map((each) => [
      each.name.value,
      valueFromASTUntyped(each.value, sent.variables),
    ]);
    const args: Record<string, unknown> = Object.fromEntries(given);
    const name = snakeCase(field.name.value);
    const selected = field.selectionSet === undefined ? "" : ` ${print(field.selectionSet).replaceAll(/\s+/g, " ")}`;
    return {
      alias: field.alias?.value ?? field.name.value,
      name,
      changes: operation?.operation === "mutation",
      args,
      columns: fieldNodes(field.selectionSet).map((each) => each.name.value),
      question: `${name}(${withoutChance(args)})${selected}`,
    };
  });
}
