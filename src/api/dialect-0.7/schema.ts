import {
  type ASTNode,
  buildASTSchema,
  concatAST,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  visit,
} from "graphql";
import { entitySdl } from "../schema/entity-sdl.ts";
import { operationsSdl } from "../schema/operations-sdl.ts";
import { registrationSdl } from "../schema/registration-sdl.ts";
import { runsSdl } from "../schema/runs-sdl.ts";
import { camelCase, sharedMutations } from "./operations.ts";
import { ownSdl } from "./own-sdl.ts";

/** The text of 0.7's schema: 1.x's own, in 0.7's names, and what is 0.7's alone. The entities are the same. */
export function documentOf07(): DocumentNode {
  const own = parse(ownSdl);
  return concatAST([
    own,
    renamed(parse([operationsSdl, registrationSdl, runsSdl].join("\n")), own),
    parse(entitySdl()),
  ]);
}

/** The schema of 0.7, without resolvers. */
export const buildSchema07 = (): GraphQLSchema => buildASTSchema(documentOf07(), { assumeValidSDL: true });

/** 1.x's definitions in 0.7's names, less those that 0.7 has in a shape of its own, and the queries. */
function renamed(document: DocumentNode, own: DocumentNode): DocumentNode {
  const taken = new Set(own.definitions.filter((node) => !isExtension(node)).map(nameOf));
  const kept: DefinitionNode[] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) kept.push(withCamelCase(node));
    else if (nameOf(node) !== "Query") kept.push(nameOf(node) === "Mutation" ? mutations(node) : node);
  }
  return { kind: Kind.DOCUMENT, definitions: kept.filter((node) => isExtension(node) || !taken.has(nameOf(node))) };
}

/** 1.x's mutations as an extension, whichever part of its text they come from. */
function mutations(node: DefinitionNode): DefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
  const shared: readonly string[] = sharedMutations;
  const fields = (node.fields ?? []).filter(({ name }) => shared.includes(name.value));
  return { kind: Kind.OBJECT_TYPE_EXTENSION, name: node.name, fields: fields.map(withCamelCase) };
}

/** The names of a mutation, its input and the fields of that; a type of anything else keeps its name. */
function withCamelCase<Node extends ASTNode>(definition: Node): Node {
  return visit(definition, {
    NamedType: ({ name }) => (name.value.endsWith("_input") ? undefined : false),
    Name: (name) => ({ ...name, value: camelCase(name.value) }),
  });
}

const nameOf = (node: DefinitionNode): string | undefined => ("name" in node ? node.name?.value : undefined);
const isExtension = ({ kind }: DefinitionNode): boolean => kind === Kind.OBJECT_TYPE_EXTENSION;
