import { StringDecoder } from "node:string_decoder";
import { pathOf } from "../../results/values/trail.ts";
import { findSecretIn } from "./find-secret.ts";
import { formsOf } from "./forms.ts";
import { leavesOf } from "./leaves.ts";
import { MaskStream, maskText } from "./mask-stream.ts";
import { unmaskable } from "./maskable.ts";
import { Needles } from "./needles.ts";

/** Texts and bytes above this size are searched for the secrets' own text only, and not for every encoded form. */
const allFormsUpTo = 1024 * 1024;

/** Where a secret is inside a value. */
export interface SecretFound {
  /** `$.rows[3].url`; a secret that is a key is masked in it. */
  readonly path: string;
  /** The secret's name. */
  readonly secret: string;
}

/** Masks a text that comes in chunks; `end` gives what is held back. */
export interface MaskingStream {
  write(chunk: string | Uint8Array): string;
  end(): string;
}

/** Knows the secrets of a run, and keeps them out of what leaves it. */
export interface Masker {
  /** Adds a secret: the value itself and, for an object or JSON text, every text in it. */
  register(name: string, value: unknown): void;
  /** Replaces every secret by `***`: as it is, in JSON, URL-encoded, in hex and in base64 at any offset. */
  mask(text: string): string;
  /** The same for output in chunks, wherever they are cut. */
  stream(): MaskingStream;
  /** Where a value holds a secret, in any of these forms; null when it holds none. For refusing to persist it. */
  findSecret(value: unknown): SecretFound | null;
}

/**
 * Makes a masker without any secret. Values of fewer than six characters and ordinary words ("admin", "localhost") are
 * not masked, since that would star out ordinary text; each is named, without its value, to `onWarning`.
 *
 * @example
 * ```ts
 * const masker = createMasker({ onWarning: (text) => log.warn(text) });
 * masker.register("DATABASE_URL", "postgres://u:hunter2-and-more@db/x");
 * masker.mask("connecting to postgres://u:hunter2-and-more@db/x"); // "connecting to ***"
 * ```
 */
export function createMasker(options: { readonly onWarning?: (text: string) => void } = {}): Masker {
  const all = new Needles();
  const bySecret = new Map<string, { forms: Needles; texts: string[] }>();

  const add = (secret: string, text: string): void => {
    const known = bySecret.get(secret) ?? { forms: new Needles(), texts: [] };
    bySecret.set(secret, known);
    known.texts.push(text);
    for (const form of formsOf(text)) {
      all.add(form);
      known.forms.add(form);
    }
  };

  const owner = (holds: (known: { forms: Needles; texts: readonly string[] }) => boolean): string | null => {
    for (const [secret, known] of bySecret) if (holds(known)) return secret;
    return null;
  };

  const nameIn = (text: string): string | null =>
    text.length > allFormsUpTo
      ? owner(({ texts }) => texts.some((secret) => text.includes(secret)))
      : all.isIn(text)
        ? owner(({ forms }) => forms.isIn(text))
        : null;

  const mask = (text: string): string => maskText(all, text);

  return {
    register: (name, value) => {
      for (const leaf of leavesOf(name, value)) {
        const why = unmaskable(leaf.text);
        if (why === null) add(name, leaf.text);
        else options.onWarning?.(`The secret "${leaf.name}" is not masked in logs: ${why}.`);
      }
    },
    mask,
    stream: () => {
      const masking = new MaskStream(all);
      const decoder = new StringDecoder("utf8");
      return {
        write: (chunk) => masking.write(typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk))),
        end: () => masking.write(decoder.end()) + masking.end(),
      };
    },
    findSecret: (value) => {
      const found = findSecretIn(value, {
        text: nameIn,
        bytes: (bytes) =>
          bytes.length > allFormsUpTo
            ? owner(({ texts }) => texts.some((secret) => bytes.includes(secret)))
            : (nameIn(bytes.toString("latin1")) ?? nameIn(bytes.toString("utf8"))),
      });
      return found === null ? null : { path: mask(pathOf(found.steps)), secret: found.secret };
    },
  };
}
