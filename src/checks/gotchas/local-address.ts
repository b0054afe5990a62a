import type { AnyNode } from "acorn";
import { type AuthorCode, propertyName, type Visit } from "../code/author-code.ts";
import type { Gotcha, Place } from "./gotcha.ts";

const host = String.raw`(localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|::1|host\.docker\.internal|(?:[\w-]+\.)+local)`;
const inUrl = new RegExp(String.raw`^[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?${host}(?=[:/?#]|$)`, "i");
const withPort = new RegExp(`^${host}:\\d{1,5}$`, "i");
const alone = new RegExp(`^${host}$`, "i");
const engine = /^(?:unix:\/\/)?\/(?:var\/)?run\/docker\.sock$/;

/** Properties and parameters that name a machine. */
const hostNames = /(^|[a-z_])(host|hostname|server|endpoint|address|broker)s?$/i;

/** The author's own machine is another one inside a container. */
export const localAddress: Gotcha = {
  name: "local-address",
  about:
    "`localhost`, `127.0.0.1`, `host.docker.internal`, `*.local`, Docker's socket: another machine inside, or none",
  cure: "Make the address a parameter or a variable of the environment that each place sets",
  find(code, { place }) {
    // A flow that listens talks to itself there.
    if (listens(code)) return [];
    return code.nodes("Literal", "TemplateLiteral").flatMap((visit) => {
      const text = leadingText(visit.node);
      const address = text === null ? null : addressIn(text, visit);
      if (text === null || address === null || isBase(code, visit) || isAsked(visit)) return [];
      if (isUnusedDefault(code, visit, place)) return [];
      return [{ node: visit.node, problem: `names ${address}, which ${meaning(address)}` }];
    });
  },
};

function meaning(address: string): string {
  if (engine.test(address)) return "is not in a container unless it is mounted";
  if (/^host\.docker\.internal$/i.test(address)) return "only Docker Desktop knows (elsewhere: --add-host)";
  if (/\.local$/i.test(address)) return "is a name of the local network that containers cannot look up";
  return "is the container itself when the flow runs in one";
}

function addressIn(text: string, visit: Visit): string | null {
  if (engine.test(text)) return text.replace(/^unix:\/\//, "");
  const named = inUrl.exec(text)?.[1] ?? withPort.exec(text)?.[1];
  if (named !== undefined) return named;
  return alone.test(text) && namesHost(visit) ? text : null;
}

/** The text up to the first part that is computed. */
function leadingText(node: Extract<AnyNode, { type: "Literal" | "TemplateLiteral" }>): string | null {
  if (node.type === "TemplateLiteral") return node.quasis[0]?.value.cooked ?? null;
  return typeof node.value === "string" ? node.value : null;
}

/** `{ host: "localhost" }`, `const host = "localhost"`, `host = "localhost"`. */
function namesHost({ node, around: [parent] }: Visit): boolean {
  if (parent?.type === "Property" && parent.value === node) return isHostName(parent.key);
  if (parent?.type === "VariableDeclarator") return isHostName(parent.id);
  return parent?.type === "AssignmentPattern" && isHostName(parent.left);
}

const isHostName = (node: AnyNode): boolean => node.type === "Identifier" && hostNames.test(node.name);

function listens(code: AuthorCode): boolean {
  return code.nodes("CallExpression").some(({ node: { callee } }) => {
    return (
      callee.type === "MemberExpression" && callee.property.type === "Identifier" && callee.property.name === "listen"
    );
  });
}

/** `new URL(path, "http://localhost")`: it only helps to parse. */
function isBase(code: AuthorCode, { node, around: [parent] }: Visit): boolean {
  return parent?.type === "NewExpression" && code.nameOf(parent.callee) === "URL" && parent.arguments[1] === node;
}

const comparisons: ReadonlySet<string> = new Set(["===", "!==", "==", "!="]);
const questions: ReadonlySet<string> = new Set([
  "startsWith",
  "endsWith",
  "includes",
  "indexOf",
  "replace",
  "replaceAll",
]);

/** `host === "localhost"`, `url.startsWith("http://localhost")`: it asks whether an address is one of these. */
function isAsked({ node, around: [parent] }: Visit): boolean {
  if (parent?.type === "BinaryExpression") return comparisons.has(parent.operator);
  if (parent?.type === "SwitchCase") return parent.test === node;
  if (parent?.type !== "CallExpression" || parent.arguments[0] !== node) return false;
  const { callee } = parent;
  return callee.type === "MemberExpression" && questions.has(propertyName(callee) ?? "");
}

/** `process.env.API ?? "http://localhost"` where API is set. */
function isUnusedDefault(code: AuthorCode, { node, around: [parent] }: Visit, { variables }: Place): boolean {
  if (parent?.type !== "LogicalExpression" || parent.right !== node) return false;
  const [, variable] = /^process\.env\.(.+)$/.exec(code.nameOf(parent.left) ?? "") ?? [];
  return variable !== undefined && variables[variable] !== undefined;
}
