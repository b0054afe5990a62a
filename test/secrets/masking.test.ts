import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/secrets/index.ts";

/** A secret long enough to be masked, with all that encodings change. */
const secretText = fc
  .string({ minLength: 8, maxLength: 40, unit: "binary" })
  .map((text) => text.toWellFormed())
  .filter(
    (text) => text.trim().length >= 6 && !/^(.)\1*$/su.test(text) && !/[\n\r]/.test(text) && !/^\s|\s$/.test(text),
  )
  .filter((text) => Number.isNaN(Number(text)));

function maskerOf(...secrets: readonly string[]) {
  const masker = createMasker();
  for (const [index, secret] of secrets.entries()) masker.register(`S${index}`, secret);
  return masker;
}

describe("masking a secret in each form it is printed in", () => {
  const secret = 'p4$$ "wörd"/+x\\y\'z';
  const masker = maskerOf(secret);
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify({ a: [secret] })],
    ["in JSON in JSON", JSON.stringify({ line: JSON.stringify({ secret }) })],
    ["printed by console.log", inspect({ secret })],
    ["URL-encoded", `https://x/?token=${encodeURIComponent(secret)}&b=1`],
    ["URL-encoded in lower case", encodeURIComponent(secret).toLowerCase().replaceAll("p4", "p4")],
    ["as a form", new URLSearchParams({ token: secret }).toString()],
    ["in hex", Buffer.from(secret).toString("hex")],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64url", Buffer.from(secret).toString("base64url")],
  ])("%s", (_, text) => {
    const masked = masker.mask(`before ${text} after`);
    expect(masked).toMatch(/^before .*\*\*\*.* after$/);
    for (const piece of ["wörd", "w%C3%B6rd", "w%c3%b6rd", "w\\u00f6rd"]) expect(masked).not.toContain(piece);
  });

  it("in basic authorization, whatever stands around it in the base64", () => {
    for (const user of ["u", "us", "use", "user"]) {
      const header = Buffer.from(`${user}:${secret}:tail`).toString("base64");
      const masked = masker.mask(`Basic ${header}`);
      expect(masked).toContain("***");
      const left = Buffer.from(masked.replace("Basic ", "").replaceAll("***", ""), "base64").toString("latin1");
      expect(left).not.toContain("p4$");
    }
  });

  it("as a printed Buffer, of which only the first 50 bytes are shown, and as one in JSON", () => {
    for (const length of [10, 50, 51, 400]) {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join("");
      const known = maskerOf(text);
      expect(known.mask(inspect({ key: Buffer.from(text) }))).toMatch(/<Buffer \*\*\*( \.\.\. \d+ more bytes?)?>/);
      expect(known.mask(JSON.stringify(Buffer.from(text)))).toBe('{"type":"Buffer","data":[***]}');
    }
  });

  it("line by line where it is a key, the short last line too", () => {
    const key = "-----BEGIN KEY-----\nMIGHAgEAMBMGByqGSM49\nx1Yz0Q==\n-----END KEY-----";
    const lines = key.split("\n").map((line) => maskerOf(key).mask(`> ${line}`));
    expect(lines).toEqual(["> -----BEGIN KEY-----", "> ***", "> ***", "> -----END KEY-----"]);
    // Of other texts a short line is a word.
    expect(maskerOf("name: weather\npassword-of-many-letters").mask("the name: weather")).toBe("the name: weather");
  });

  it("leaves all other text alone", () => {
    expect(masker.mask("p4$$ is not all of it")).toBe("p4$$ is not all of it");
  });

  it("hides the whole stretch where two secrets overlap", () => {
    expect(maskerOf("abcdef-12", "12-ghijkl").mask("<abcdef-12-ghijkl>")).toBe("<***>");
  });
});

describe("masking by law", () => {
  it("no secret survives, in any encoding, between any texts", () => {
    const encodings: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => JSON.stringify(text),
      (text) => encodeURIComponent(text),
      (text) => Buffer.from(text).toString("hex"),
    ];
    fc.assert(
      fc.property(
        secretText,
        fc.string(),
        fc.string(),
        fc.constantFrom(...encodings),
        (secret, before, after, encode) => {
          const masked = maskerOf(secret).mask(before + encode(secret) + after);
          expect(masked).toContain("***");
          if (!"***".includes(secret)) expect(masked.includes(encode(secret)) && encode(secret) !== "***").toBe(false);
        },
      ),
    );
  });

  it("base64 of any content with the secret in it does not give it back", () => {
    fc.assert(
      fc.property(secretText, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (secret, before, after) => {
        const encoded = Buffer.from(before + secret + after).toString("base64");
        const masked = maskerOf(secret).mask(encoded);
        expect(masked).toContain("***");
        const [left = "", right = ""] = [masked.split("***").at(0), masked.split("***").at(-1)];
        // What is left at the two edges holds at most the bits of one character of the secret.
        const lengthOfSecret = (Buffer.byteLength(secret) * 8) / 6;
        expect(encoded.length - left.length - right.length).toBeGreaterThanOrEqual(Math.floor(lengthOfSecret) - 2);
      }),
    );
  });

  it("cutting the output into chunks changes nothing", () => {
    const pieces = fc.array(
      fc.oneof(fc.constantFrom("abcabc1", "bc1abca", "1abcabc1", "abc", "bc1", "\n"), fc.string()),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(60)), (parts, cuts) => {
        const masker = maskerOf("abcabc1", "bc1abca", "cabc1a");
        const whole = parts.join("");
        const stream = masker.stream();
        let given = "";
        let at = 0;
        for (const cut of cuts) {
          given += stream.write(whole.slice(at, at + cut));
          at += cut;
        }
        given += stream.write(whole.slice(at)) + stream.end();
        expect(given).toBe(masker.mask(whole));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("masking a stream", () => {
  it("finds a secret whose bytes are split inside a character", () => {
    const stream = maskerOf("schlüssel-4711").stream();
    const bytes = Buffer.from("key=schlüssel-4711;");
    const given = [...bytes].map((byte) => stream.write(Uint8Array.of(byte))).join("") + stream.end();
    expect(given).toBe("key=***;");
  });

  it("gives out at once what cannot be part of a secret", () => {
    const stream = maskerOf("hunter2-and-more").stream();
    expect(stream.write("starting\n")).toBe("starting\n");
    expect(stream.write("see hunt")).toBe("see ");
    expect(stream.write("ing season\n")).toBe("hunting season\n");
  });

  it("masks each line of a key file, which a log splits", () => {
    const key =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n";
    const masked = key.split("\n").map((line) => maskerOf(key).mask(line));
    expect(masked.join("\n")).not.toMatch(/MIIE|AQEF/);
    expect(masked[0]).toBe("-----BEGIN PRIVATE KEY-----");
  });
});

describe("what is registered", () => {
  it("is every text in an object or in JSON text", () => {
    const masker = createMasker();
    masker.register("AWS_CREDENTIALS", '{"ACCESS_KEY":"AKIA-4711-0815","nested":{"SECRET":"wJalrXUtnFEMI"}}');
    masker.register("OTHER", { token: "tok-123456" });
    expect(masker.mask("AKIA-4711-0815 wJalrXUtnFEMI tok-123456")).toBe("*** *** ***");
  });

  it("leaves out what is public in a service account's key", () => {
    const masker = createMasker();
    masker.register("GCP_CREDENTIALS", {
      type: "service_account",
      token_uri: "https://oauth2.googleapis.com/token",
      private_key_id: "0123456789abcdef",
    });
    expect(masker.mask("https://oauth2.googleapis.com/token 0123456789abcdef")).toBe(
      "https://oauth2.googleapis.com/token ***",
    );
  });

  it.each(["admin", "x1", "aaaaaaaaaa", "42", "localhost"])(
    "warns of %s instead of starring out ordinary text",
    (value) => {
      const warnings: string[] = [];
      const masker = createMasker({ onWarning: (text) => warnings.push(text) });
      masker.register("SHORT", value);
      expect(masker.mask(`the ${value} of it`)).toBe(`the ${value} of it`);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('"SHORT"');
      expect(warnings[0]).not.toContain(`${value} `);
    },
  );
});
