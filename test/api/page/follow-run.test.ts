import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../src/api/database/open.ts";
import { followRun } from "../../../src/api/live/follow/follow-run.ts";
import type { RunChanges, RunSnapshot } from "../../../src/api/live/view.ts";
import { openApi, runningRun } from "../api-client.ts";

test("a line that another process writes while a page is being told is told once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flow-runner-follow-"));
  const data = join(folder, "api.db");
  const client = await openApi({ data });
  const { flowRunId } = await runningRun(client);
  const [own, foreign] = [openDatabase(data), openDatabase(data)];
  onTestFinished(() => {
    for (const each of [own, foreign]) each.close();
    rmSync(folder, { recursive: true });
  });
  const write = (message: string): void => {
    const sql = "INSERT INTO log (id, flow_run_id, timestamp, level, message) VALUES (?, ?, ?, 'INFO', ?)";
    foreign.run(sql, crypto.randomUUID(), flowRunId, new Date().toISOString(), message);
  };

  const told: string[] = [];
  const look = followRun(
    own,
    client.api.tenantId,
    flowRunId,
    null,
    Date.now,
  )({
    isBehind: () => false,
    end: () => undefined,
    send: (event, sent) => {
      const { logs } = sent as RunSnapshot | RunChanges;
      told.push(...("lines" in logs ? logs.lines : logs).map(({ message }) => `${event}: ${message}`));
    },
  });
  const first = own.first.bind(own);
  let next: string[] = [];
  own.first = (sql, ...parameters) => {
    const row = first(sql, ...parameters);
    // The run is read after the place that has been reached, and before its lines.
    if (sql.includes("FROM flow_run ")) for (const message of next.splice(0)) write(message);
    return row;
  };
  write("a");
  for (const message of ["b", "c", null]) {
    next = message === null ? [] : [message];
    look();
  }
  expect(told).toEqual(["snapshot: a", "changes: b", "changes: c"]);
});
