/** What happens while an image is built, pulled or pushed, for whoever shows it. */
export type ImageEvent =
  | { readonly type: "step"; readonly number: number; readonly of: number; readonly instruction: string }
  /** A line that a step wrote. */
  | { readonly type: "output"; readonly line: string }
  | {
      readonly type: "layer";
      readonly action: "pull" | "push";
      /** Short id of the layer. */
      readonly id: string;
      readonly status: string;
      /** Bytes, where they are known. */
      readonly current: number | null;
      readonly total: number | null;
    }
  | { readonly type: "notice"; readonly level: "info" | "warning"; readonly message: string };

export type ImageObserver = (event: ImageEvent) => void;
