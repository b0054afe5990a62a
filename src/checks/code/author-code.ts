import { type AnyNode, type Program, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import type { AuthorPlace, FlowCode } from "../../artifact/index.ts";
import { collectBindings, type Definition } from "./bindings.ts";

/** A node of the code and the nodes around it, the nearest first. */
export interface Visit<Node extends AnyNode = AnyNode> {
  readonly node: Node;
  readonly around: readonly AnyNode[];
}

/**
 * The code of flows, parsed, with answers to what its nodes are called and where their author wrote them.
 *
 * It is one module in which the bundler has made names of different modules different. A name that is bound more than once
 * (a parameter that is called like an import) is taken for nothing: better no finding than a wrong one.
 */
export class AuthorCode {
  readonly isInstalled: FlowCode["isInstalled"];
  readonly #code: FlowCode;
  readonly #visits: Visit[] = [];
  readonly #definitions: ReadonlyMap<string, Definition | null>;

  /** @throws SyntaxError of the parser, for code that is newer than it */
  constructor(code: FlowCode) {
    const program: Program = parse(code.text, { ecmaVersion: "latest", sourceType: "module", locations: true });
    this.#code = code;
    this.isInstalled = (specifier) => code.isInstalled(specifier);
    fullAncestor(program, (node, _, ancestors) => {
      this.#visits.push({ node, around: ancestors.slice(0, -1).reverse() });
    });
    this.#definitions = collectBindings(program);
  }

  /** All nodes of some types, in the order of the code. */
  nodes<Type extends AnyNode["type"]>(...types: readonly Type[]): Visit<Extract<AnyNode, { type: Type }>>[] {
    return this.#visits.filter((visit): visit is Visit<Extract<AnyNode, { type: Type }>> =>
      (types as readonly string[]).includes(visit.node.type),
    );
  }

  /** Null: it is the bundler's own. */
  authorOf({ loc }: AnyNode): AuthorPlace | null {
    return loc ? this.#code.placeAt(loc.start.line - 1, loc.start.column) : null;
  }

  /** What a name is bound to; null: bound more than once; undefined: it is global. */
  definition(name: string): Definition | null | undefined {
    return this.#definitions.get(name);
  }

  /**
   * The name of a global, of what is imported, or of a property of either: `process.env.HOME`, `fs/promises.readFile`,
   * `flow-runner.task`, `Date`. Null for anything else.
   */
  nameOf(node: AnyNode, depth = 0): string | null {
    // A constant that is defined by itself, which only broken code has.
    if (depth > 20) return null;
    switch (node.type) {
      case "ChainExpression":
        return this.nameOf(node.expression, depth + 1);
      case "MetaProperty":
        return "import.meta";
      case "MemberExpression": {
        const property = propertyName(node);
        const object = property === null ? null : this.nameOf(node.object, depth + 1);
        return object === null ? null : settled(`${object}.${property}`);
      }
      case "Identifier": {
        const definition = this.definition(node.name);
        if (definition === undefined) return node.name;
        if (definition?.kind === "import") return settled(definition.name);
        if (definition?.kind !== "constant") return null;
        const whole = this.nameOf(definition.value, depth + 1);
        return whole === null || definition.property === null ? whole : settled(`${whole}.${definition.property}`);
      }
      default:
        return null;
    }
  }

  /** What an expression stands for: a constant's value, without the wrapper by which the bundler keeps names. */
  meant(node: AnyNode, depth = 0): AnyNode {
    if (depth > 20) return node;
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "__name") {
      const [named] = node.arguments;
      return named === undefined ? node : this.meant(named, depth + 1);
    }
    if (node.type !== "Identifier") return node;
    const definition = this.definition(node.name);
    if (definition?.kind === "function") return definition.value;
    const isWhole = definition?.kind === "constant" && definition.property === null;
    return isWhole ? this.meant(definition.value, depth + 1) : node;
  }
}

/** `a` of `x.a` and `x["a"]`; null: it is computed, or private. */
export function propertyName({ computed, property }: Extract<AnyNode, { type: "MemberExpression" }>): string | null {
  if (!computed) return property.type === "Identifier" ? property.name : null;
  return property.type === "Literal" ? String(property.value) : null;
}

/** One name for what can be reached in several ways. */
const settled = (name: string): string =>
  name.replace(/^globalThis\.(?=.)/, "").replace(/^fs\.promises(?=\.|$)/, "fs/promises");
