import type { AnyNode } from "acorn";
import type { AuthorCode } from "../code/author-code.ts";

/** What a value is, as far as the code says. */
export interface ValueKind {
  /** `a Map`, `a function`. */
  readonly name: string;
  /** Which serializers take it. */
  readonly fits: readonly ("json" | "structured")[];
  /** Where in the value it is: `.rows[0]`; empty: it is the value. */
  readonly path: string;
}

/** Built-in classes that a structured clone brings back, and JSON does not. */
const cloned =
  /^(Map|Set|Date|RegExp|ArrayBuffer|DataView|(Big)?(Ui|I)nt\d+(Clamped)?Array|Float\d+Array|(Eval|Range|Reference|Syntax|Type|URI)?Error)$/;
/** Those that neither takes. */
const refused = /^(WeakMap|WeakSet|WeakRef|URL|URLSearchParams|Headers|Request|Response|FormData|AbortController)$/;

/** Calls whose answer is known. */
const answers: Readonly<Record<string, string>> = {
  "Map.groupBy": "Map",
  "Buffer.from": "Buffer",
  "Buffer.alloc": "Buffer",
  "Buffer.concat": "Buffer",
  BigInt: "BigInt",
};

/** The first thing in a value that some serializer refuses; null: there is none that the code tells of. */
export function valueKind(code: AuthorCode, node: AnyNode, path = ""): ValueKind | null {
  const meant = code.meant(node);
  const is = (name: string, fits: ValueKind["fits"]): ValueKind => ({ name: withArticle(name), fits, path });
  switch (meant.type) {
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return is("function", []);
    case "ClassExpression":
    case "ClassDeclaration":
      return is("class", []);
    case "Literal":
      if (typeof meant.value === "bigint") return is("BigInt", ["structured"]);
      return meant.regex ? is("RegExp", ["structured"]) : null;
    case "NewExpression":
      return made(code, meant, path);
    case "CallExpression": {
      const name = code.nameOf(meant.callee) ?? "";
      if (name === "Symbol") return is("symbol", []);
      return answers[name] === undefined ? null : is(answers[name], ["structured"]);
    }
    case "ConditionalExpression":
      return valueKind(code, meant.consequent, path) ?? valueKind(code, meant.alternate, path);
    case "ArrayExpression":
      return first(meant.elements, (element, index) =>
        element === null || element.type === "SpreadElement" ? null : valueKind(code, element, `${path}[${index}]`),
      );
    case "ObjectExpression":
      return first(meant.properties, (property) =>
        property.type === "Property" &&
        !property.computed &&
        property.key.type === "Identifier" &&
        property.kind === "init"
          ? valueKind(code, property.value, `${path}.${property.key.name}`)
          : null,
      );
    default:
      return null;
  }
}

function made(
  code: AuthorCode,
  { callee }: Extract<AnyNode, { type: "NewExpression" }>,
  path: string,
): ValueKind | null {
  const name = code.nameOf(callee);
  if (name !== null && cloned.test(name)) return { name: withArticle(name), fits: ["structured"], path };
  if (name !== null && refused.test(name)) return { name: withArticle(name), fits: [], path };
  const type = code.meant(callee);
  const isOwn = type.type === "ClassExpression" || type.type === "ClassDeclaration";
  if (!isOwn || callee.type !== "Identifier") return null;
  return { name: `an instance of ${callee.name}`, fits: [], path };
}

function first<Item>(items: readonly Item[], find: (item: Item, index: number) => ValueKind | null): ValueKind | null {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== null) return found;
  }
  return null;
}

const withArticle = (name: string): string => `${/^[AEI]/.test(name) ? "an" : "a"} ${name}`;
