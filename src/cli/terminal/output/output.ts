import type { RunObserver } from "../../../engine/index.ts";

/** Where the story of one run is told. */
export interface Output {
  readonly observer: RunObserver;
  /** Shows what is left; with `summary` also the closing table or line. */
  close(summary: boolean): Promise<void>;
}
