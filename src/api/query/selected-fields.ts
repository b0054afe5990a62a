import { type FragmentDefinitionNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";

/** The names of the fields that a query asks of the field being resolved, through its fragments too. */
export function selectedFields(info: GraphQLResolveInfo): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of info.fieldNodes) if (node.selectionSet) collect(node.selectionSet, info.fragments, names);
  return names;
}

function collect(
  { selections }: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  names: Set<string>,
): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) names.add(node.name.value);
    else {
      const within = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value];
      if (within !== undefined) collect(within.selectionSet, fragments, names);
    }
  }
}
