import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";

/** Prefect 1.x: its gateway refuses a query that nests deeper; fields of the root are at depth 0. */
export const deepest = 7;

/** A validation rule: how deep an operation may nest. Introspection is free. */
export function depthLimit(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const depth = depthOf(operation.selectionSet, fragmentsOf(context), new Set());
      if (depth <= deepest) return;
      const name = operation.name?.value ?? "";
      context.reportError(
        new GraphQLError(`'${name}' exceeds maximum operation depth of ${deepest}`, { nodes: [operation] }),
      );
    },
  };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(context: ValidationContext): Fragments {
  const found = new Map<string, FragmentDefinitionNode>();
  for (const node of context.getDocument().definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) found.set(node.name.value, node);
  }
  return found;
}

/** `inside` holds the fragments on the way, for a fragment that spreads itself is reported by another rule. */
function depthOf(selections: SelectionSetNode, fragments: Fragments, inside: ReadonlySet<string>): number {
  const depths = selections.selections.map((node) => {
    if (node.kind === Kind.INLINE_FRAGMENT) return depthOf(node.selectionSet, fragments, inside);
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(node.name.value);
      if (fragment === undefined || inside.has(node.name.value)) return 0;
      return depthOf(fragment.selectionSet, fragments, new Set([...inside, node.name.value]));
    }
    if (node.selectionSet === undefined || node.name.value.startsWith("__")) return 0;
    return 1 + depthOf(node.selectionSet, fragments, inside);
  });
  return depths.reduce((most, depth) => Math.max(most, depth), 0);
}
