import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { FlowRunnerError } from "../../../errors/index.ts";
import { type Exchange, formatName, formatVersion } from "./exchange.ts";

/** A recording that is being written: each exchange is in the file before its answer goes to the client. */
export class RecordingFile {
  readonly #path: string;

  /** @throws FlowRunnerError `RECORDING_EXISTS`, `RECORDING_UNWRITABLE` */
  constructor(path: string) {
    this.#path = path;
    try {
      const first = `${JSON.stringify({ format: formatName, version: formatVersion })}\n`;
      // What a conversation holds beside secrets is not for everybody of the machine either.
      writeFileSync(path, first, { flag: "wx", mode: 0o600 });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") throw new FlowRunnerError("RECORDING_EXISTS", { path });
      throw new FlowRunnerError("RECORDING_UNWRITABLE", { path, reason: message }, { cause: error });
    }
  }

  append(exchange: Exchange): void {
    appendFileSync(this.#path, `${JSON.stringify(exchange)}\n`);
  }

  /** Writes anew what is there: a secret may have been in it before it was known to be one. */
  rewrite(each: (exchange: Exchange) => Exchange): void {
    const [first = "", ...lines] = readFileSync(this.#path, "utf8").trimEnd().split("\n");
    const written = lines.map((line) => JSON.stringify(each(JSON.parse(line))));
    if (written.every((line, at) => line === lines[at])) return;
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, [first, ...written, ""].join("\n"), { mode: 0o600 });
    renameSync(fresh, this.#path);
  }
}
