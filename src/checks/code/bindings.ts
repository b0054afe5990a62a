import type { AnyNode, ImportDeclaration, Pattern, Program } from "acorn";
import { full } from "acorn-walk";

/** What a name that is bound once stands for. */
export type Definition =
  /** `fs.readFile`; `fs` for the module itself. */
  | { readonly kind: "import"; readonly name: string }
  /** The value, or the one of its properties that was taken out by destructuring. */
  | { readonly kind: "constant"; readonly value: AnyNode; readonly property: string | null }
  | { readonly kind: "function"; readonly value: AnyNode }
  | { readonly kind: "other" };

/** Every name that is bound in the code; null for one that is bound, or assigned to, more than once. */
export function collectBindings(program: Program): Map<string, Definition | null> {
  const bound = new Map<string, number>();
  const definitions = new Map<string, Definition>();
  const count = (name: string): unknown => bound.set(name, (bound.get(name) ?? 0) + 1);
  const define = (name: string, definition: Definition): unknown => definitions.set(name, definition);

  full(program, (node, _, type) => {
    if (type === "VariablePattern" && node.type === "Identifier") count(node.name);
    if (node.type === "UpdateExpression" && node.argument.type === "Identifier") count(node.argument.name);
    if (node.type === "ImportDeclaration") {
      for (const [local, name] of imported(node)) {
        count(local);
        define(local, { kind: "import", name });
      }
    }
    if (node.type === "VariableDeclarator" && node.init) constants(node.id, node.init, define);
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
      if (node.id) define(node.id.name, { kind: "function", value: node });
    }
  });
  return new Map(
    [...bound].map(([name, times]) => [name, times === 1 ? (definitions.get(name) ?? { kind: "other" }) : null]),
  );
}

/** Local names and what they are; the default of a built-in module is the module. */
function imported({ specifiers, source }: ImportDeclaration): [local: string, name: string][] {
  const module = String(source.value).replace(/^node:/, "");
  return specifiers.map((specifier) => {
    if (specifier.type !== "ImportSpecifier") return [specifier.local.name, module];
    const { imported } = specifier;
    const name = imported.type === "Identifier" ? imported.name : String(imported.value);
    return [specifier.local.name, name === "default" ? module : `${module}.${name}`];
  });
}

function constants(id: Pattern, value: AnyNode, define: (name: string, definition: Definition) => unknown): void {
  if (id.type === "Identifier") define(id.name, { kind: "constant", value, property: null });
  if (id.type !== "ObjectPattern") return;
  for (const each of id.properties) {
    if (each.type !== "Property" || each.computed || each.value.type !== "Identifier") continue;
    const property = each.key.type === "Identifier" ? each.key.name : null;
    if (property !== null) define(each.value.name, { kind: "constant", value, property });
  }
}
