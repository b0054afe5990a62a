import type { ImageEvent, ImageObserver } from "../../../../storage/events.ts";
import { type Paint, paintFor } from "../../paint.ts";
import { clip, printable } from "../../words.ts";

/** Shows how an image is built, pulled and pushed. */
export interface ImageProgress {
  readonly observer: ImageObserver;
  /** Takes away what is not to stay on the screen; may be called again. */
  close(): void;
}

type Layer = Extract<ImageEvent, { type: "layer" }>;

/** A layer's words that come once; all else is progress, which is no line of a log. */
const lasting = /^(?:Already exists|Layer already exists|Pull complete|Pushed|Mounted from .*)$/;

/** On a terminal a line for each layer, drawn anew as it moves, below the build's steps; elsewhere lines alone. */
export async function imageProgress(stream: NodeJS.WriteStream): Promise<ImageProgress> {
  const paint = paintFor(stream);
  // A terminal that is no columns wide, as `script` opens one, would get each letter on a line of its own.
  if (!stream.isTTY || !stream.columns)
    return { observer: lines((line) => stream.write(`${line}\n`), paint), close() {} };

  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(stream);
  const layers = new Map<string, Layer>();
  const write = lines((line) => update.persist(line), paint);
  return {
    observer(event) {
      if (event.type === "layer") layers.set(`${event.action} ${event.id}`, event);
      else {
        layers.clear();
        write(event);
      }
      const width = stream.columns || 80;
      const shown = [...layers.values()].slice(-Math.max(1, (stream.rows || 24) - 2));
      update(shown.map((layer) => clip(layerLine(layer), width)).join("\n"));
    },
    close() {
      update.clear();
      layers.clear();
    },
  };
}

function lines(write: (line: string) => void, paint: Paint): ImageObserver {
  return (event) => {
    switch (event.type) {
      case "step":
        write(paint("bold", `Step ${event.number}/${event.of}: ${printable(event.instruction)}`));
        break;
      case "output":
        write(`  ${printable(event.line)}`);
        break;
      case "layer":
        if (lasting.test(event.status)) write(layerLine(event));
        break;
      case "notice":
        write(event.level === "warning" ? paint("yellow", `warning: ${event.message}`) : event.message);
        break;
    }
  };
}

const verbs = { pull: "Pulling", push: "Pushing" } as const;

function layerLine({ action, id, status, current, total }: Layer): string {
  const share = current === null || total === null || total === 0 ? "" : ` ${Math.floor((100 * current) / total)} %`;
  return `${verbs[action]} ${id}: ${printable(status)}${share}`;
}
