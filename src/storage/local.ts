/**
 * Flows as files in a folder, for machines without Docker: an agent on the same machine runs them from there.
 *
 * @example await weather.deploy({ project: "demo", storage: new Local({ directory: "/srv/flows" }) });
 */
export class Local {
  /** Null: `~/.prefect`. */
  readonly directory: string | null;

  constructor({ directory }: { readonly directory?: string } = {}) {
    this.directory = directory ?? null;
  }
}
