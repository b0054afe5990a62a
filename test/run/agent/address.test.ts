import { describe, expect, it, onTestFinished } from "vitest";
import { listenAt } from "../../../src/run/agent/address.ts";

describe("an agent's address", () => {
  it("answers health checks and pokes at Prefect's paths, and nothing else", async () => {
    let pokes = 0;
    const { url, close } = await listenAt("http://127.0.0.1:0", () => {
      pokes += 1;
    });
    onTestFinished(close);
    const health = await fetch(`${url}/api/health`);
    expect([health.status, await health.json(), pokes]).toEqual([200, {}, 0]);
    expect((await fetch(`${url}/api/poke`)).status).toBe(200);
    expect(pokes).toBe(1);
    expect((await fetch(`${url}/api/other`)).status).toBe(404);
  });

  it("listens on IPv6 too", async () => {
    const { url, close } = await listenAt("http://[::1]:0", () => undefined);
    onTestFinished(close);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });

  it.each(["127.0.0.1:8080", "http://127.0.0.1", "https://127.0.0.1:8080", "http://:8080", "nonsense"])(
    "that is none is refused: %s",
    async (address) => {
      await expect(listenAt(address, () => undefined)).rejects.toMatchObject({
        code: "AGENT_ADDRESS_INVALID",
        message: expect.stringContaining("http://127.0.0.1:8080"),
      });
    },
  );

  it("that is taken is said", async () => {
    const first = await listenAt("http://127.0.0.1:0", () => undefined);
    onTestFinished(first.close);
    await expect(listenAt(first.url, () => undefined)).rejects.toMatchObject({
      code: "AGENT_ADDRESS_INVALID",
      message: expect.stringContaining("EADDRINUSE"),
    });
  });
});
