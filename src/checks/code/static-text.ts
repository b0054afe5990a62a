import { homedir, tmpdir } from "node:os";
import { join, posix, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AnyNode } from "acorn";
import type { AuthorCode } from "./author-code.ts";

/** Functions whose answer is known without the flow being run. */
const known: Readonly<Record<string, (...texts: string[]) => string>> = {
  "path.join": join,
  "path.resolve": resolve,
  "path.posix.join": posix.join,
  "path.posix.resolve": posix.resolve,
  "process.cwd": () => process.cwd(),
  "os.homedir": homedir,
  "os.tmpdir": tmpdir,
  "url.fileURLToPath": (url = "") => fileURLToPath(url),
  "url.pathToFileURL": (path = "") => pathToFileURL(path).href,
  String: (text = "") => text,
};

/** The text that an expression always is (a path, a URL), as far as reading the code can tell; null: it cannot. */
export function staticText(code: AuthorCode, node: AnyNode): string | null {
  const meant = code.meant(node);
  switch (meant.type) {
    case "Literal":
      return typeof meant.value === "string" ? meant.value : null;
    case "TemplateLiteral": {
      const texts = all(code, meant.expressions);
      if (texts === null) return null;
      return meant.quasis.map(({ value }, index) => `${value.cooked ?? ""}${texts[index] ?? ""}`).join("");
    }
    case "BinaryExpression": {
      const texts = meant.operator === "+" ? all(code, [meant.left, meant.right]) : null;
      return texts === null ? null : texts.join("");
    }
    case "MemberExpression":
      return fromMember(code, meant);
    case "CallExpression": {
      const answer = known[code.nameOf(meant.callee) ?? ""];
      const texts = answer === undefined ? null : all(code, meant.arguments);
      return texts === null ? null : attempt(() => answer?.(...texts) ?? null);
    }
    case "NewExpression": {
      const texts = code.nameOf(meant.callee) === "URL" ? all(code, meant.arguments) : null;
      return texts === null ? null : attempt(() => new URL(texts[0] ?? "", texts[1]).href);
    }
    default:
      return null;
  }
}

function fromMember(code: AuthorCode, node: Extract<AnyNode, { type: "MemberExpression" }>): string | null {
  const name = code.nameOf(node);
  if (name?.startsWith("import.meta.")) {
    const url = code.authorOf(node)?.url;
    if (url === undefined) return null;
    if (name === "import.meta.url") return url;
    if (name === "import.meta.filename") return fileURLToPath(url);
    return name === "import.meta.dirname" ? fileURLToPath(new URL(".", url)) : null;
  }
  if (node.computed || node.property.type !== "Identifier") return null;
  const { name: property } = node.property;
  if (property !== "href" && property !== "pathname") return null;
  const url = staticText(code, node.object);
  return url === null ? null : attempt(() => new URL(url)[property]);
}

function all(code: AuthorCode, nodes: readonly AnyNode[]): string[] | null {
  const texts = nodes.flatMap((node) => staticText(code, node) ?? []);
  return texts.length === nodes.length ? texts : null;
}

/** What is no URL, or no path of this platform, throws when the flow runs too: that is no matter of an image. */
function attempt(make: () => string | null): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}
