import { expect, it } from "vitest";
import { describeWithPrefect3 } from "./installed.ts";
import { startPrefect3 } from "./server.ts";
import { sharedPrefect3 } from "./shared-server.ts";

describeWithPrefect3("the shared Prefect 3 server", () => {
  it("is one, whoever asks, and says its version", async () => {
    const [first, second] = await Promise.all([sharedPrefect3(), sharedPrefect3()]);
    expect(first).toBe(second);
    const version = await fetch(`${first}/admin/version`);
    expect(await version.json()).toBe("3.8.8");
  });
});

describeWithPrefect3("a Prefect 3 server of a test's own", () => {
  it("holds after a restart what it held before", async () => {
    const server = await startPrefect3();
    const create = () =>
      fetch(`${server.url}/flows/`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "kept" }),
      });
    try {
      expect((await create()).status).toBe(201);
      await server.restart();
      expect((await create()).status).toBe(200);
    } finally {
      await server.close();
    }
  });
});
