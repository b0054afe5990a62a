#!/usr/bin/env node
import { endWith } from "./process-end.ts";

const words = process.argv.slice(2);

/**
 * What an agent starts: `execute`, or Prefect's `execute flow-run` and `execute cloud-flow`. It takes no flags, so the
 * parser of the command line is not loaded.
 */
const executes =
  words[0] === "execute" && (words.length === 1 || /^(flow-run|cloud-flow)$/.test(words[1] ?? "")) && words.length <= 2;

await endWith(
  executes
    ? async () => (await import("./commands/execute.ts")).executeCommand()
    : async () => (await import("./program/index.ts")).runProgram(process.argv),
);
