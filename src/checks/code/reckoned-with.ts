import type { AnyNode } from "acorn";
import type { Visit } from "./author-code.ts";

/** Whether what fails at a node is caught there: its author reckons with it. */
export function isCaught({ node, around }: Visit): boolean {
  return around.some((each, index) => {
    const inner = around[index - 1] ?? node;
    if (each.type === "TryStatement") return each.handler !== null && each.block === inner;
    return each.type === "MemberExpression" && each.property.type === "Identifier" && each.property.name === "catch";
  });
}

const comparisons: ReadonlySet<string> = new Set(["===", "!==", "==", "!=", "in"]);

/**
 * What the code does about a value that may be missing: `allows` it (a default, a test, `?.`), `refuses` it (a test that
 * ends in a `throw`), or simply `uses` it.
 */
export function missingValue({ node, around }: Visit): "allows" | "refuses" | "uses" {
  const tests = around.findIndex((each, index) => isTest(each, around[index - 1] ?? node));
  const throwing = around[tests];
  // Only what stands between the value and the test is part of the question.
  if (tests !== -1 && around.slice(0, tests).every(isPartOfTest)) {
    return throwing?.type === "IfStatement" && throws(throwing.consequent) ? "refuses" : "allows";
  }
  const [parent] = around;
  if (parent?.type === "ChainExpression") return missingValue({ node: parent, around: around.slice(1) });
  if (parent?.type === "BinaryExpression" && comparisons.has(parent.operator)) return "allows";
  if (parent?.type === "LogicalExpression" && parent.left === node) return "allows";
  if (parent?.type === "UnaryExpression") return "allows";
  return parent?.type === "MemberExpression" && parent.object === node && parent.optional ? "allows" : "uses";
}

function isTest(each: AnyNode, inner: AnyNode): boolean {
  const asks = each.type === "IfStatement" || each.type === "ConditionalExpression" || each.type === "WhileStatement";
  return asks && each.test === inner;
}

const isPartOfTest = ({ type }: AnyNode): boolean =>
  ["UnaryExpression", "LogicalExpression", "BinaryExpression", "ChainExpression"].includes(type);

function throws(statement: AnyNode): boolean {
  if (statement.type === "BlockStatement") return statement.body.some(throws);
  return statement.type === "ThrowStatement";
}
