import { type Command, CommanderError } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Act } from "../../../src/cli/program/act.ts";
import { commandLine } from "../../../src/cli/program/command-line.ts";

// Where commander says what is wrong.
beforeEach(() => void vi.spyOn(process.stderr, "write").mockReturnValue(true));
afterEach(() => void vi.restoreAllMocks());

/** Commands that parse their flags and do no more. */
const parsing: Act =
  (schema) =>
  async (...args) =>
    void schema.parse(args.at(-2));
const leaves = (command: Command, before: readonly string[] = []): (readonly [readonly string[], Command])[] =>
  command.commands.length === 0
    ? [[before, command]]
    : command.commands.flatMap((each) => leaves(each, [...before, each.name()]));

test.each(["nonsense", "", "-1", "9".repeat(30), "__proto__"])(
  "a flag takes %j, or says what it takes instead",
  async (value) => {
    for (const [words, { options, registeredArguments }] of leaves(commandLine("flow-runner", parsing))) {
      const needed = options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [`${long}=x`]);
      for (const { long } of options.filter(({ required, optional }) => required || optional)) {
        const program = commandLine("flow-runner", parsing).configureOutput({
          writeErr: () => {},
          outputError: () => {},
        });
        const line = [...words, ...registeredArguments.map(() => "x"), ...needed, `${long}=${value}`];
        const refused = await program.parseAsync(line, { from: "user" }).catch((error: unknown) => error);
        if (refused !== program) expect(refused, line.join(" ")).toBeInstanceOf(CommanderError);
      }
    }
  },
);

test("runs are looked for by states in any case, also by Prefect 3's names", async () => {
  const seen: unknown[] = [];
  const act: Act =
    (schema) =>
    async (...args) =>
      void seen.push(schema.parse(args.at(-2)));
  const words = ["runs", "--state", "failed", "--state=COMPLETED", "--state", "Cancelled"];
  await commandLine("flow-runner", act).parseAsync(words, { from: "user" });
  expect(seen).toMatchObject([{ state: ["Failed", "Success", "Cancelled"] }]);
});
