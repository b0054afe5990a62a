import { z } from "zod";

const invalid = z.object({ loc: z.array(z.union([z.string(), z.number()])).catch([]), msg: z.string() });
const answerShape = z.object({
  detail: z.union([z.string(), z.array(invalid)]).optional(),
  exception_message: z.string().optional(),
  exception_detail: z.union([z.string(), z.array(invalid)]).optional(),
});

/** What an answer that says no gives as its reason; pages for people give none. */
export function problemIn(body: string): string {
  const reasons = reasonsIn(body).map((reason) => reason.trim().replace(/\.$/, ""));
  return reasons.length === 0 ? "no reason was given" : [...new Set(reasons)].slice(0, 4).join("; ").slice(0, 500);
}

function reasonsIn(body: string): readonly string[] {
  const text = body.trim();
  if (text === "" || text.startsWith("<")) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [text.slice(0, 200)];
  }
  const parsed = answerShape.safeParse(json);
  if (!parsed.success) return [text.slice(0, 200)];
  const { detail = [], exception_message: message, exception_detail: details = [] } = parsed.data;
  const said = [...(message === undefined ? [] : [message]), ...inWords(detail), ...inWords(details)];
  return said.length === 0 ? [text.slice(0, 200)] : said;
}

const inWords = (detail: string | readonly z.infer<typeof invalid>[]): readonly string[] =>
  typeof detail === "string" ? [detail] : detail.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`);
