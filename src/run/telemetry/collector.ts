import { connect } from "node:net";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { messageOf } from "../../errors/message-of.ts";

/** Milliseconds that a collector has to accept the first connection. */
const firstContactMs = 1_000;

/** Whether the collector can be reached, so that no run waits for one that cannot. */
export class Collector {
  readonly #warn: (message: string) => void;
  #warned = false;
  readonly #contact = Promise.withResolvers<boolean>();
  #answers = false;

  /** Connects once, at once: the exporters themselves try for ten seconds before they say that nobody is there. */
  constructor(env: NodeJS.ProcessEnv, warn: (message: string) => void) {
    this.#warn = warn;
    const address =
      env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT || "http://localhost:4318";
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url === null) {
      this.#unreachable(`"${address}" is no address`);
      return;
    }
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port, timeout: firstContactMs });
    socket.unref();
    socket.once("connect", () => {
      socket.destroy();
      this.#contact.resolve(true);
    });
    socket.once("timeout", () => socket.destroy(new Error(`no connection within ${firstContactMs / 1_000} s`)));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      this.#unreachable(`${url.origin} cannot be reached: ${error.message || error.code}`),
    );
  }

  /** Something is not sent. Said once: what follows has the same cause, and the run's log is not about it. */
  failed(problem: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#warn(
      `Traces and metrics are not sent, or not all of them: ${problem}. The run goes on; see OTEL_EXPORTER_OTLP_ENDPOINT.`,
    );
  }

  exported({ code }: ExportResult): void {
    this.#answers = code === ExportResultCode.SUCCESS;
    if (this.#answers) this.#contact.resolve(true);
  }

  /** Gives the last exports `most` milliseconds, and none to a collector that is not there. */
  async within(most: number, flush: () => Promise<unknown>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => resolve(`the collector has not taken them within ${most / 1_000} s of the run's end`),
      most,
    );
    const problem = await Promise.race([this.#last(flush), late]);
    clearTimeout(timer);
    if (problem !== null) this.failed(problem);
  }

  /** Resolves with what has gone wrong, or with null. */
  async #last(flush: () => Promise<unknown>): Promise<string | null> {
    const isThere = this.#answers || (await this.#contact.promise);
    return isThere ? flush().then(() => null, messageOf) : null;
  }

  #unreachable(problem: string): void {
    this.failed(problem);
    this.#contact.resolve(false);
  }
}
