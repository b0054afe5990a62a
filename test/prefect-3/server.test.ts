import { expect, it } from "vitest";
import { describeWithPrefect3 } from "./installed.ts";
import { sharedPrefect3 } from "./shared-server.ts";

describeWithPrefect3("the shared Prefect 3 server", () => {
  it("is one, whoever asks, and says its version", async () => {
    const [first, second] = await Promise.all([sharedPrefect3(), sharedPrefect3()]);
    expect(first).toBe(second);
    const version = await fetch(`${first}/admin/version`);
    expect(await version.json()).toBe("3.8.8");
  });
});
