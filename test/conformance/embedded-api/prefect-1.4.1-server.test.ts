import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startApi } from "../../../src/api/index.ts";
import { launched, newFolder, realPrefect, toldBy } from "./real-prefect.ts";

const prefect = realPrefect("1.4.1");
const script = join(import.meta.dirname, "python/family_1_4_1.py");

describe.skipIf(prefect.skipped)("the real Prefect 1.4.1 without a key, as with Server", () => {
  test("its agent runs flows that start others, are watched, and are cancelled", async () => {
    const api = await startApi();
    const { folder, remove } = newFolder();
    try {
      const env = { ...launched, PREFECT__BACKEND: "server", PREFECT__CLOUD__API: api.url };
      const told = toldBy(await prefect.run("python", [script, folder], env));
      const through = ["Scheduled", "Submitted", "Running", "Success"];
      expect(told).toEqual({
        ...{ tenant: "default", watched: [0, through], artifacts: [["Flow child", "link"]] },
        ...{ cancel: "Cancelling", cancelling: "Entered state <Cancelled>: Flow run is cancelled" },
        cancelled: ["Cancelled"],
        runs: [
          ["sleeper", ["Scheduled", "Submitted", "Running", "Cancelling", "Cancelled"], "real", {}],
          ["parent", through, "real", {}],
          ["child", through, "real", { number: 21 }],
          ["child", ["Scheduled"], null, { number: 1 }],
        ],
      });
    } finally {
      await api.close();
      remove();
    }
  });
});
