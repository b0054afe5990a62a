/** One file of a build's context. */
export interface ContextFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly mode: number;
  /** Its content, or the file of this machine that has it. */
  readonly content: Buffer | { readonly file: string };
}

/** A build as Docker takes it: a Dockerfile and the files it may copy. */
export interface ImagePlan {
  readonly dockerfile: string;
  /** Sorted by path; without the Dockerfile. */
  readonly context: readonly ContextFile[];
}

/** A text as a file of the context. */
export const textFile = (path: string, text: string): ContextFile => ({
  path,
  mode: 0o644,
  content: Buffer.from(text),
});
