import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Deployed3, saved } from "./deployed.ts";

interface ToldEvent {
  readonly event: string;
  readonly follows?: string;
  readonly resource: Readonly<Record<string, string>>;
}

/** What was asked, in order. */
interface Asked {
  readonly path: string;
  readonly body: unknown;
}

/** As much of Prefect 3's API as one ad-hoc flow run needs, with nothing of what newer servers have. */
class SmallServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await bodyOf(request);
      const path = (request.url ?? "").replace("/api", "");
      this.asked.push({ path, body });
      const answer = this.#answer(path, body);
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { detail: "Not Found" }));
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string, body: unknown): unknown {
    const { state } = (body ?? {}) as { state?: object };
    if (path.endsWith("/set_state")) return { status: "ACCEPT", state: { id: "s-1", ...state }, details: {} };
    if (path === "/events" || path === "/logs/") return null;
    if (path.startsWith("/flows/")) return { id: "f-1", name: "climate" };
    if (path === "/flow_runs/") return { id: path };
    // The run is somebody else's from here on only when its state says so: it stays as it was begun.
    if (path.startsWith("/flow_runs/")) {
      const { count } = this;
      return {
        id: path.slice("/flow_runs/".length),
        name: "quick-fox",
        flow_id: "f-1",
        run_count: 0,
        parameters: { count },
        state: { id: "s-0", type: "PENDING", name: "Pending" },
      };
    }
    return undefined;
  }

  count = 1;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? null : JSON.parse(text);
}

describe("events of task runs", () => {
  let server: SmallServer;
  let deployed: Deployed3;

  beforeAll(async () => {
    server = new SmallServer();
    deployed = await saved(await server.open(), fileURLToPath(new URL("./fixtures/climate.ts", import.meta.url)));
  });
  afterAll(() => {
    deployed.close();
    server.close();
  });

  test.each([
    [1, 10],
    [100, 40],
    [1_000, 200],
  ])("of a map over %i items go out together, all of them before the flow run's end", async (count, most) => {
    server.count = count;
    server.asked.length = 0;
    const begun = performance.now();
    const { state, delivery } = await deployed.execute(crypto.randomUUID());
    const took = performance.now() - begun;
    expect([state.type, delivery.complete]).toEqual(["Success", true]);

    const paths = server.asked.map(({ path }) => path);
    const batches = server.asked.flatMap(({ path, body }, at) =>
      path === "/events" ? [{ at, events: body as readonly ToldEvent[] }] : [],
    );
    const told = batches.flatMap(({ at, events }) => events.map((event) => ({ at, ...event })));
    const ofTasks = told.filter(({ event }) => event.startsWith("prefect.task-run"));
    const ends = ofTasks.filter(({ resource }) => resource["prefect.state-type"] === "COMPLETED");
    expect(new Set(ends.map(({ resource }) => resource["prefect.resource.id"])).size).toBe(count + 4);
    expect(Math.max(...ends.map(({ at }) => at))).toBeLessThan(
      paths.findLastIndex((path) => path.endsWith("/set_state")),
    );
    const isEnd = ({ resource }: ToldEvent) => resource["prefect.state-type"] === "COMPLETED";
    const ofEnds = batches.filter(({ events }) => events.some(isEnd));
    expect(ofEnds.length).toBeLessThan(most);
    // Starts are told by themselves four times a second at most; the run's own states are few.
    expect(batches.length - ofEnds.length).toBeLessThan(10 + took / 250);
    // Older servers keep back what follows an event that they have not been told.
    expect(told.filter(({ follows }) => follows !== undefined)).toEqual([]);
  });
});
