import { describe, expect, test } from "vitest";
import { keptMapped } from "../../../src/cloud/prefect3/task-runs/kept-states.ts";
import { taskRunRow } from "../../../src/cloud/prefect3/task-runs/task-run-row.ts";

const row = (type: string, name: string, data: unknown = null) =>
  taskRunRow.parse({
    ...{ id: crypto.randomUUID(), name: "clean-0", task_key: "clean-1", dynamic_key: "0" },
    state: { id: crypto.randomUUID(), type, name, message: null, data, state_details: {} },
  });
const unpersisted = row("COMPLETED", "Completed");
const persisted = row("COMPLETED", "Completed", {
  ...{ storage_key: "load", serializer: { type: "json" } },
  flow_runner: { result: { handler: { type: "LocalResultHandler" }, location: "/results/load" } },
});
const children = [row("COMPLETED", "Completed"), row("FAILED", "Failed"), row("PENDING", "Pending")];

describe("a mapped task that is to stay as it is", () => {
  test("has the children that are recorded, where what it was mapped over cannot be read any more", () => {
    expect(keptMapped(children, [unpersisted])).toMatchObject({ type: "Mapped", mapCount: 3 });
  });

  test("is mapped again where that can be read, or is made anew: children that have not begun are recorded nowhere", () => {
    expect(keptMapped(children, [persisted]).type).toBe("Pending");
    expect(keptMapped(children, [row("PENDING", "Pending")]).type).toBe("Pending");
    expect(keptMapped([], [unpersisted]).type).toBe("Pending");
  });

  test("has not come to be mapped, where its one task run needed what has failed", () => {
    expect(keptMapped([row("PENDING", "NotReady")], [row("FAILED", "Failed")]).type).toBe("TriggerFailed");
    expect(keptMapped([row("PENDING", "NotReady"), ...children], [unpersisted])).toMatchObject({ type: "Mapped" });
  });
});
