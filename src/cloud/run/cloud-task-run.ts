import type { TaskRunEntry } from "../../engine/index.ts";
import type { State } from "../../state/index.ts";

/** A task run of the API. The engine keeps it and hands it back, so that nothing here has to look it up again. */
export class CloudTaskRun implements TaskRunEntry {
  readonly id: string;
  readonly slug: string;
  readonly mapIndex: number | null;
  readonly initialState: State;
  /** The version the API has, as far as we know; null: it must be asked before the next Running. */
  version: number | null;

  constructor(slug: string, mapIndex: number | null, held: { id: string; state: State; version: number }) {
    this.id = held.id;
    this.slug = slug;
    this.mapIndex = mapIndex;
    this.initialState = held.state;
    this.version = held.version;
  }
}
