import type { FlowCode } from "../artifact/index.ts";
import type { FlowGraph } from "../graph/index.ts";
import { AuthorCode } from "./code/author-code.ts";
import type { Finding } from "./finding.ts";
import type { Place } from "./gotchas/gotcha.ts";
import { codeGotchas } from "./gotchas/table.ts";

/**
 * Reads the code of flows for what works where they were written and not in the place where they are to run. Nothing of
 * it runs. What only types tell (a task that returns a parameter of type `Map`) and what is computed is not seen.
 *
 * @throws SyntaxError for code that is newer than the parser
 */
export function checkGotchas(flowCode: FlowCode, flows: readonly FlowGraph[], place: Place): Finding[] {
  const code = new AuthorCode(flowCode);
  const found = codeGotchas.flatMap((gotcha) =>
    gotcha.find(code, { place, flows }).flatMap(({ node, problem }): Finding[] => {
      const author = code.authorOf(node);
      if (author === null) return [];
      const message = `${author.place} ${problem}. ${gotcha.cure}.`;
      return [{ check: "gotchas", level: "warning", flow: null, message, gotcha: gotcha.name }];
    }),
  );
  if (found.length > 0) return [...new Map(found.map((finding) => [finding.message, finding])).values()];
  const names = codeGotchas.map(({ name }) => name).join(", ");
  return [{ check: "gotchas", level: "ok", flow: null, message: `None in the code (${names}).` }];
}
