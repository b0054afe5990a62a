import type { ImageEvent, ImageObserver } from "../events.ts";
import { checkCommand } from "../plan/plan-image.ts";

/** How many lines of a step's output a failure shows. */
const kept = 20;

/** Follows the steps of a build, so that a failure can say in which one it happened and what that said last. */
export class BuildProgress {
  readonly #observer: ImageObserver;
  #step = "before its first step";
  #output: string[] = [];

  constructor(observer: ImageObserver) {
    this.#observer = observer;
  }

  get step(): string {
    return this.#step;
  }

  get output(): readonly string[] {
    return this.#output;
  }

  /** A line as the engine writes it: a step's heading, or what the step wrote. */
  line(text: string): void {
    const line = stripEscapes(text);
    const event = stepIn(line);
    if (event === null) {
      this.#said(line);
      return;
    }
    this.#step = event.instruction;
    this.#output = [];
    this.#observer(event);
  }

  #said(line: string): void {
    // The engine's own lines about its layers.
    if (/^(?: ---> |Removing intermediate container |Successfully (?:built|tagged) )/.test(line) || line.trim() === "")
      return;
    this.#output = [...this.#output, line].slice(-kept);
    const warning = commandOf(this.#step).startsWith(checkCommand) ? /^warning +(.*)$/.exec(line)?.[1] : undefined;
    if (warning !== undefined) this.#observer({ type: "notice", level: "warning", message: warning });
    else this.#observer({ type: "output", line });
  }
}

/** What a RUN step runs. The engine counts a step's mounts to its words. */
export const commandOf = (step: string): string => step.replace(/^RUN (?:--mount=\S+ )*/, "");

/** `Step 3/9 : RUN …` of the engine, `#7 [3/9] RUN …` of BuildKit. */
function stepIn(line: string): Extract<ImageEvent, { type: "step" }> | null {
  const [, number, of, instruction] =
    /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? /^#\d+ \[(?:[\w-]+ )?(\d+)\/(\d+)\] (.*)$/.exec(line) ?? [];
  if (number === undefined || of === undefined || instruction === undefined) return null;
  return { type: "step", number: Number(number), of: Number(of), instruction };
}

/** Whether a line begins a step. */
export const isHeading = (line: string): boolean => stepIn(stripEscapes(line)) !== null;

function stripEscapes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").trimEnd();
}
