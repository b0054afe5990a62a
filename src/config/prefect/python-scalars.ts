/** What was read is not a literal that can be taken over. */
export class NoLiteral extends Error {}

export const numberPattern =
  /[+-]?(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y;

/** In single or double quotes; bytes, raw and formatted text are none. */
export const textPattern = /[uU]?(?:'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;

/** @throws NoLiteral for what Python refuses, and for what JavaScript cannot hold exactly */
export function toNumber(digits: string): number {
  const plain = digits.replaceAll("_", "");
  const [sign, amount] = /^[+-]/.test(plain) ? [plain[0] === "-" ? -1 : 1, plain.slice(1)] : [1, plain];
  const isInteger = /^(\d+|0[xob].*)$/i.test(amount);
  // Python refuses leading zeros, and underscores anywhere but between digits.
  if (/^0\d/.test(amount) && isInteger && !/^0+$/.test(amount)) throw new NoLiteral();
  if (/(^|[^\da-fA-F])_|__|_($|[^\da-fA-F])/.test(digits)) throw new NoLiteral();
  const value = sign * Number(amount);
  if (!Number.isFinite(value) || (isInteger && !Number.isSafeInteger(value))) throw new NoLiteral();
  return value;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\n": "",
};

/** What a text in quotes says, its escapes resolved. @throws NoLiteral */
export function unquoted(quoted: string): string {
  const body = quoted.replace(/^[uU]/, "").slice(1, -1);
  return body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (written, x?: string, u?: string, long?: string, octal?: string, plain?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8));
      if (plain === "\\" || plain === "'" || plain === '"') return plain;
      // \x, \u, \U without their digits, and names of characters, are errors or not known here; others stay as written.
      if (plain !== undefined && "xuUN".includes(plain)) throw new NoLiteral();
      return escapes[plain ?? ""] ?? written;
    },
  );
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw new NoLiteral();
  return String.fromCodePoint(code);
}
