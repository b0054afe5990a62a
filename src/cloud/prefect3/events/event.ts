/** An event as `POST /events` takes it; its resources are texts by name. */
export interface Event3 {
  readonly id: string;
  /** RFC 3339. */
  readonly occurred: string;
  readonly event: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly related: readonly Readonly<Record<string, string>>[];
  readonly payload: Readonly<Record<string, unknown>>;
}
