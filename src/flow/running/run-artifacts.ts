/** What every artifact may have. */
export interface RunArtifactOptions {
  /**
   * Lowercase letters, digits and dashes: artifacts of one key are versions of each other, on a page of their own. Left
   * out: it is only shown with its run.
   */
  readonly key?: string;
  /** Markdown. */
  readonly description?: string;
}

/** Rows as objects or as lists, or columns by their names. */
export type ArtifactTable =
  | readonly Readonly<Record<string, unknown>>[]
  | readonly (readonly unknown[])[]
  | Readonly<Record<string, readonly unknown[]>>;

/**
 * What Prefect 3 shows beside a run that has made it (Prefect 3: `prefect.artifacts`): each belongs to the task run that
 * makes it. With another API, or none, it is told in the run's log.
 *
 * All resolve with the artifact's id. Secrets are masked.
 *
 * @throws FlowRunnerError `RUN_ARTIFACT_INVALID`
 * @example
 * ```ts
 * await context.artifacts.table(months, { key: "months", description: "Means of each month" });
 * const id = await context.artifacts.progress(0);
 * await context.artifacts.updateProgress(id, 50);
 * ```
 */
export interface RunArtifacts {
  markdown(markdown: string, options?: RunArtifactOptions): Promise<string>;
  /** NaN is shown as nothing. */
  table(table: ArtifactTable, options?: RunArtifactOptions): Promise<string>;
  /** @param options - with the text to be shown in place of the address */
  link(url: string, options?: RunArtifactOptions & { readonly text?: string }): Promise<string>;
  /** @param url - which whoever looks at the page can reach, or a `data:` one */
  image(url: string, options?: RunArtifactOptions): Promise<string>;
  /** @param percent - 0 to 100; what lies outside is taken for the nearer end, with a warning */
  progress(percent: number, options?: RunArtifactOptions): Promise<string>;
  /** @param id - what `progress` has resolved with, in this task or another */
  updateProgress(id: string, percent: number, options?: { readonly description?: string }): Promise<void>;
}

/** An artifact as Prefect 3 keeps it. */
export interface ArtifactForm {
  readonly type: "markdown" | "table" | "progress" | "image";
  readonly key: string | null;
  readonly description: string | null;
  /** Markdown, the JSON of a table, a percentage, or the address of an image. */
  readonly data: string | number;
}

/** What an artifact is to have from now on; left out: what it had. */
export type ArtifactChange = Pick<ArtifactForm, "data"> & { readonly description?: string };
