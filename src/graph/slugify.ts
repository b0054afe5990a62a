/**
 * A name in the form that file names and image names take: lower case ASCII letters, digits and single dashes.
 *
 * Accents are taken off; any other letter becomes its code point in hexadecimal, so that two names in another script
 * never share a slug. Prefect 1.x transliterates such letters instead; for Latin names the results agree.
 *
 * @example slugify("Weather report (Zürich)") // "weather-report-zurich"
 */
export function slugify(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[‘’]/g, "")
    .replace(/[^\p{ASCII}]/gu, spellOut)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return slug === "" ? "flow" : slug;
}

function spellOut(character: string): string {
  return /[\p{L}\p{N}]/u.test(character) ? `-${character.codePointAt(0)?.toString(16)}-` : "-";
}
