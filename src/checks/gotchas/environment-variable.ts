import type { AnyNode } from "acorn";
import { isWithheld } from "../../host/index.ts";
import { type AuthorCode, propertyName, type Visit } from "../code/author-code.ts";
import { missingValue } from "../code/reckoned-with.ts";
import { staticText } from "../code/static-text.ts";
import type { Gotcha } from "./gotcha.ts";
import { variableHelpers } from "./variable-helpers.ts";

/** Everybody takes these as they come: whoever reads them has a meaning for their absence. */
const customary =
  /^(NODE_ENV|NODE_OPTIONS|DEBUG|CI|TZ|LANG|LC_\w+|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|(HTTPS?|NO|ALL)_PROXY|TMPDIR|SSL_CERT_(FILE|DIR))$/i;

/** What agents and runners set in every container; the flow's code sees all of it but the keys. */
const contract = /^(PREFECT|FLOW_RUNNER)__/;

interface Reading {
  readonly name: string;
  readonly node: AnyNode;
  readonly does: "allows" | "refuses" | "uses";
}

/** A variable that the author's shell sets is not set in a container because of that. */
export const environmentVariable: Gotcha = {
  name: "environment-variable",
  about: "an environment variable that neither the image nor an agent sets",
  cure: "Set it in the image (envVars), make it a parameter, or give it a default; what is secret belongs in `secret()`",
  find(code, { place }) {
    const readings = [...members(code), ...destructured(code), ...throughHelpers(code)];
    const settledByCode = new Set([...written(code), ...readings.flatMap(allowed)]);
    return readings.flatMap(({ name, node }) => {
      if (settledByCode.has(name) || customary.test(name)) return [];
      if (isWithheld(name)) {
        return [{ node, problem: `reads the environment variable ${name}, which is never given to a flow's code` }];
      }
      const isSet = contract.test(name) || place.variables[name] !== undefined;
      return isSet ? [] : [{ node, problem: `reads the environment variable ${name}, which nothing sets here` }];
    });
  },
};

const allowed = ({ name, does }: Reading): string[] => (does === "allows" ? [name] : []);

/** `process.env.NAME`, `env["NAME"]`. */
function members(code: AuthorCode): Reading[] {
  return code.nodes("MemberExpression").flatMap((visit) => {
    const name = variableName(code, visit.node);
    return name === null || isWrite(visit) ? [] : [{ name, node: visit.node, does: uses(code, visit) }];
  });
}

/** `const { NAME, OTHER = "a default" } = process.env`. */
function destructured(code: AuthorCode): Reading[] {
  return code.nodes("VariableDeclarator").flatMap(({ node: { id, init } }) => {
    if (id.type !== "ObjectPattern" || !init || code.nameOf(init) !== "process.env") return [];
    return id.properties.flatMap((property): Reading[] => {
      if (property.type !== "Property" || property.computed || property.key.type !== "Identifier") return [];
      const { key, value } = property;
      const does = value.type === "AssignmentPattern" ? "allows" : usesOfName(code, value);
      return [{ name: key.name, node: key, does }];
    });
  });
}

/** `need("NAME")`, where `need` is a function of the author's that reads what its caller names. */
function throughHelpers(code: AuthorCode): Reading[] {
  return variableHelpers(code).flatMap(({ reading, calls }) => {
    const [parent] = reading.around;
    // What becomes of a value under a name that others have too is not known.
    if (parent?.type === "VariableDeclarator" && !isConstant(code, parent.id)) return [];
    const does = uses(code, reading);
    return calls.map(({ node, name }) => ({ node, name, does }));
  });
}

function variableName(code: AuthorCode, node: Extract<AnyNode, { type: "MemberExpression" }>): string | null {
  if (code.nameOf(node.object) !== "process.env") return null;
  return propertyName(node) ?? staticText(code, node.property);
}

/** What becomes of a reading: where it stands, or where the constant that it defines is used. */
function uses(code: AuthorCode, visit: Visit): Reading["does"] {
  const here = missingValue(visit);
  const [parent] = visit.around;
  if (here !== "uses" || parent?.type !== "VariableDeclarator" || parent.init !== visit.node) return here;
  return usesOfName(code, parent.id);
}

const isConstant = (code: AuthorCode, id: AnyNode): id is Extract<AnyNode, { type: "Identifier" }> =>
  id.type === "Identifier" && code.definition(id.name)?.kind === "constant";

function usesOfName(code: AuthorCode, id: AnyNode): Reading["does"] {
  if (!isConstant(code, id)) return "uses";
  const does = code.nodes("Identifier").flatMap((visit) => (visit.node.name === id.name ? missingValue(visit) : []));
  return does.includes("refuses") ? "refuses" : does.includes("allows") ? "allows" : "uses";
}

function written(code: AuthorCode): string[] {
  return code.nodes("MemberExpression").flatMap((visit) => {
    const name = isWrite(visit) ? variableName(code, visit.node) : null;
    return name === null ? [] : [name];
  });
}

function isWrite({ node, around: [parent] }: Visit): boolean {
  return parent?.type === "AssignmentExpression" && parent.left === node;
}
