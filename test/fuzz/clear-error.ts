import { expect } from "vitest";
import { FlowRunnerError } from "../../src/errors/index.ts";

/** Milliseconds that an input may take, on a machine that is busy with other things too. */
const longest = 5_000;

/** What an error must not be: a defect's words, or a value that was printed without a thought. */
const unclear =
  /Cannot read|is not a function|is not iterable|\[object Object\]|\bundefined\b|\bNaN\b|Maximum call stack/;

/** Takes the input, or refuses it in a sentence; in time. */
export async function taken(use: () => unknown): Promise<"taken" | "refused"> {
  const begun = performance.now();
  try {
    await use();
    return "taken";
  } catch (error) {
    if (!(error instanceof FlowRunnerError)) throw error;
    // What is quoted from the input may hold anything.
    const own = error.message.replaceAll(/"[^"]*"|`[^`]*`/g, "");
    expect(own.length).toBeGreaterThan(20);
    expect(own.length).toBeLessThan(20_000);
    if (!JSON.stringify(error.details).match(unclear)) expect(own).not.toMatch(unclear);
    return "refused";
  } finally {
    expect(performance.now() - begun).toBeLessThan(longest);
  }
}
