import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import { FlowRunnerError } from "../../errors/index.ts";

/** Milliseconds. */
const closingGrace = 2_000;
const relistenEvery = 50;
/** No network has it (RFC 6761). */
const nowhere = "http://flow-runner.test";

/** Where a server can be reached: at a port, or by connections within this process alone; it can go down and come back. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  readonly #closed = new AbortController();
  #address: AddressInfo | null = null;
  #restarting: Promise<void> | null = null;

  constructor(server: Server, host: string) {
    this.#server = server;
    this.#host = host;
  }

  get url(): string {
    return this.#address === null ? nowhere : urlOf(this.#address);
  }

  /** @throws FlowRunnerError `API_ADDRESS_UNUSABLE` */
  async listen(port: number): Promise<void> {
    if (this.#address !== null) return;
    await listenAt(this.#server, port, this.#host);
    this.#address = this.#server.address() as AddressInfo;
  }

  /** The client's end of a connection within this process; null: it is down. */
  connect(): Duplex | null {
    if (this.#restarting !== null || this.#closed.signal.aborted) return null;
    const [client, server] = duplexPair();
    // A socket whose other side is gone is closed, too; these know nothing of each other's end.
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroy());
    for (const side of [client, server]) side.on("error", () => undefined);
    this.#server.emit("connection", server);
    return client;
  }

  /** Ends every connection at once, and can be reached again so many milliseconds later, at the same address. */
  restart(downFor: number): Promise<void> {
    this.#restarting ??= this.#goDown(downFor).finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  /** Lets requests that are being sent arrive, for two seconds at most. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#restarting;
    const server = this.#server;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => server.closeAllConnections(), closingGrace);
      // One that listens nowhere calls back at once, also with a request under way.
      server.close(() => {
        clearTimeout(late);
        resolve();
      });
      server.closeIdleConnections();
    });
    if (this.#address === null) server.closeAllConnections();
  }

  async #goDown(downFor: number): Promise<void> {
    const { signal } = this.#closed;
    const down = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await down;
    await pass(downFor, signal);
    if (this.#address === null) return;
    // Something else may have taken the port for a moment: it must not stay away for ever.
    while (!signal.aborted) {
      try {
        return await listenAt(this.#server, this.#address.port, this.#host);
      } catch {
        await pass(relistenEvery, signal);
      }
    }
  }
}

function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function listenAt(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "something listens there already" : error.message;
      reject(new FlowRunnerError("API_ADDRESS_UNUSABLE", { host, port, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
