import type { z } from "zod";

/**
 * Makes a commander action of a command: its flags are parsed by the command's schema, its exit code is kept. Arguments
 * that were not given are empty text; `words` are all that were given.
 */
export type Act = <Schema extends z.ZodType>(
  schema: Schema,
  command: (options: z.output<Schema>, argument: string, words: readonly string[]) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;

/** @param done Is told the exit code. */
export const actWith =
  (done: (exitCode: number) => void): Act =>
  (schema, command) =>
  async (...args) => {
    // commander gives the arguments, then the flags, then the command itself.
    const flags = schema.parse(args.at(-2));
    const words = args
      .slice(0, -2)
      .flat()
      .filter((word) => typeof word === "string");
    done(await command(flags, words[0] ?? "", words));
  };
