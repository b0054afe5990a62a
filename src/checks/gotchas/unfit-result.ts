import type { AnyNode } from "acorn";
import type { FlowGraph } from "../../graph/index.ts";
import type { AuthorCode } from "../code/author-code.ts";
import { type FunctionNode, isFunction } from "../code/function-node.ts";
import { staticText } from "../code/static-text.ts";
import type { Gotcha, Suspicion } from "./gotcha.ts";
import { valueKind } from "./value-kind.ts";

/** A result that is refused fails its task after the work is done. */
export const unfitResult: Gotcha = {
  name: "unfit-result",
  about: "a task that returns what its result handler refuses, where the code says so (`new Map()`, a class of yours)",
  cure: "Return plain data, or give the task another handler (LocalResultHandler and those of buckets take Dates and Maps)",
  find(code, { flows }) {
    return code.nodes("CallExpression").flatMap(({ node }) => {
      if (code.nameOf(node.callee) !== "flow-runner.task") return [];
      const [named, body] = node.arguments;
      const name = named === undefined ? null : staticText(code, named);
      const made = body === undefined ? null : code.meant(body);
      if (name === null || made === null || !isFunction(made)) return [];
      return serializersOf(name, flows).flatMap(({ handler, serializer }) =>
        refused(code, name, made, handler, serializer),
      );
    });
  },
};

function refused(
  code: AuthorCode,
  task: string,
  body: FunctionNode,
  handler: string,
  serializer: "json" | "structured",
): Suspicion[] {
  return returned(code, body).flatMap((node) => {
    const kind = valueKind(code, node);
    if (kind === null || kind.fits.includes(serializer)) return [];
    const where = kind.path === "" ? "" : ` in $${kind.path}`;
    return [{ node, problem: `returns ${kind.name}${where} from task "${task}", which its ${handler} refuses` }];
  });
}

/** How the results of tasks of a name are written, by the handlers whose rules are known. */
function serializersOf(
  name: string,
  flows: readonly FlowGraph[],
): { handler: string; serializer: "json" | "structured" }[] {
  const handlers = flows
    .flatMap(({ tasks }) => tasks)
    .filter((task) => task.name === name && task.checkpoint !== false)
    .flatMap(({ resultHandler }) => resultHandler ?? []);
  const distinct = new Map(handlers.map((handler) => [JSON.stringify([handler.type, handler.serializer]), handler]));
  return [...distinct.values()].flatMap(({ type, serializer = "structured" }) => {
    if (type === "JSONResultHandler") return [{ handler: type, serializer: "json" }];
    if (!/^(Local|S3|GCS|Azure)ResultHandler$/.test(type)) return [];
    return serializer === "json" || serializer === "structured" ? [{ handler: type, serializer }] : [];
  });
}

/** What a body returns by itself: its expression, or its `return`s, not those of functions in it. */
function returned(code: AuthorCode, body: FunctionNode): AnyNode[] {
  if (body.generator) return [];
  if (body.body.type !== "BlockStatement") return [body.body];
  return code.nodes("ReturnStatement").flatMap(({ node, around }) => {
    const owner = around.find(isFunction);
    return owner === body && node.argument ? [node.argument] : [];
  });
}
