import type { AnyNode } from "acorn";
import type { FlowGraph } from "../../graph/index.ts";
import type { AuthorCode } from "../code/author-code.ts";

/** Where a flow is to run: the image, when it is asked there. */
export interface Place {
  readonly variables: NodeJS.ProcessEnv;
  exists(path: string): boolean;
}

export interface Suspicion {
  /** Where it is in the code. */
  readonly node: AnyNode;
  /** What is there, as the end of a sentence that begins with its place: `reads TOKEN, which nothing sets`. */
  readonly problem: string;
}

/** Something in the code of flows that works where they were written and not where they run. */
export interface Gotcha {
  readonly name: string;
  /** What it warns of, for a list of all. */
  readonly about: string;
  /** What to do about it: one sentence. */
  readonly cure: string;
  find(code: AuthorCode, surroundings: { readonly place: Place; readonly flows: readonly FlowGraph[] }): Suspicion[];
}
