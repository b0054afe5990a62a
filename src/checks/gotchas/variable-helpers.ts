import type { AnyNode } from "acorn";
import type { AuthorCode, Visit } from "../code/author-code.ts";
import { type FunctionNode, isFunction } from "../code/function-node.ts";
import { staticText } from "../code/static-text.ts";

/** A function of the author's that reads the variable which its caller names: `need("TOKEN")`. */
export interface VariableHelper {
  /** `process.env[name]` in it. */
  readonly reading: Visit;
  /** Each call that names a variable and nothing else: a second argument may be a default. */
  readonly calls: readonly { readonly node: AnyNode; readonly name: string }[];
}

export function variableHelpers(code: AuthorCode): VariableHelper[] {
  return code.nodes("MemberExpression").flatMap((reading) => {
    const { object, property, computed } = reading.node;
    if (!computed || property.type !== "Identifier" || code.nameOf(object) !== "process.env") return [];
    const helper = reading.around.find(isFunction);
    const [parameter] = helper?.params ?? [];
    if (helper === undefined || parameter?.type !== "Identifier" || parameter.name !== property.name) return [];
    return [{ reading, calls: callsOf(code, helper) }];
  });
}

function callsOf(code: AuthorCode, helper: FunctionNode): { node: AnyNode; name: string }[] {
  return code.nodes("CallExpression").flatMap(({ node }) => {
    const [argument, ...others] = node.arguments;
    if (argument === undefined || others.length > 0 || code.meant(node.callee) !== helper) return [];
    const name = staticText(code, argument);
    return name === null ? [] : [{ node, name }];
  });
}
