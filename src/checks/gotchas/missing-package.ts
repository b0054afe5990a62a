import type { AnyNode } from "acorn";
import { isBare } from "../../artifact/index.ts";
import { type AuthorCode, propertyName } from "../code/author-code.ts";
import { isCaught } from "../code/reckoned-with.ts";
import { staticText } from "../code/static-text.ts";
import type { Gotcha } from "./gotcha.ts";

/** Static imports are resolved when the flow is loaded; these would be found when a task is in the middle of its work. */
export const missingPackage: Gotcha = {
  name: "missing-package",
  about:
    "a package that a task imports while it runs (`import()`, `import.meta.resolve`, `createRequire`), and that is not installed",
  cure: "Install it in the project before the flow is saved, or name it in dependencies",
  find(code) {
    const asked = [
      ...code.nodes("ImportExpression").map((visit) => ({ visit, specifier: visit.node.source as AnyNode })),
      ...code.nodes("CallExpression").flatMap((visit) => {
        const [specifier] = visit.node.arguments;
        return specifier !== undefined && resolves(code, visit.node.callee) ? [{ visit, specifier }] : [];
      }),
    ];
    return asked.flatMap(({ visit, specifier }) => {
      const name = staticText(code, specifier);
      if (name === null || !isBare(name) || isCaught(visit) || code.isInstalled(name)) return [];
      return [{ node: visit.node, problem: `imports "${name}", which is not installed here` }];
    });
  },
};

/** `import.meta.resolve`, and what `createRequire` makes: `require`, `require.resolve`. */
function resolves(code: AuthorCode, callee: AnyNode): boolean {
  if (code.nameOf(callee) === "import.meta.resolve") return true;
  const isResolve = callee.type === "MemberExpression" && propertyName(callee) === "resolve";
  const made = code.meant(isResolve ? callee.object : callee);
  return made.type === "CallExpression" && code.nameOf(made.callee) === "module.createRequire";
}
