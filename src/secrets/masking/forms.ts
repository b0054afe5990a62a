import { inspect } from "node:util";
import { shortestSecret } from "./maskable.ts";

/**
 * The forms in which a secret's text may appear in output: as it is, each long line of it, inside JSON, inside a printed
 * JavaScript string, URL-encoded, in hex, as a printed Buffer, and inside base64 at each of the three offsets.
 */
export function formsOf(text: string): string[] {
  const whole = [text, ...longLines(text)].flatMap((part) => [
    part,
    ...jsonForms(part),
    ...printedForms(part),
    ...urlForms(part),
  ]);
  const bytes = Buffer.from(text);
  const hex = bytes.toString("hex");
  return [...new Set([...whole, hex, hex.toUpperCase(), ...bufferForms(bytes), ...base64Forms(bytes)])];
}

/**
 * The lines of a key file: output is masked line by line. Armour lines and short ones are nobody's secret; within armour
 * there are no words, and the last line of a key may be short.
 */
function longLines(text: string): string[] {
  if (!text.includes("\n")) return [];
  const shortest = /^-----BEGIN /m.test(text) ? shortestSecret : 16;
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && !line.startsWith("-----"));
}

/** Inside a JSON text, and inside a JSON text inside a JSON text; non-ASCII as it is or as `\u00e9`. */
function jsonForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const ascii = once.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [once, ascii, JSON.stringify(once).slice(1, -1)];
}

/** As `console.log({ text })` prints it. */
function printedForms(text: string): string[] {
  return [inspect(text, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(1, -1)];
}

/** As `console.log(buffer)` prints it, which is its first 50 bytes, and as JSON has it. */
function bufferForms(bytes: Buffer): string[] {
  const [, printed = ""] = /^<Buffer ([0-9a-f ]+)/.exec(inspect(bytes)) ?? [];
  return [printed.trim(), bytes.join(",")];
}

function urlForms(text: string): string[] {
  // A lone surrogate has no URL form.
  const wellFormed = text.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: wellFormed }).toString().slice(2);
  const path = encodeURI(wellFormed);
  const upper = [component, strict, form, path];
  return [...upper, ...upper.map((encoded) => encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/**
 * What base64 makes of the bytes wherever they lie in a longer content: at each offset the characters that depend on
 * these bytes alone, in the plain and the URL alphabet, and the whole encoding with its last character.
 */
function base64Forms(bytes: Buffer): string[] {
  const forms = [bytes.toString("base64").replace(/=+$/, "")];
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const first = [0, 2, 3][offset] ?? 0;
    const exact = Math.floor(((offset + bytes.length) * 8) / 6);
    forms.push(encoded.slice(first, exact));
  }
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}
