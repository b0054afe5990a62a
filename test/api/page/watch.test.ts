import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../src/api/database/open.ts";
import { Watch } from "../../../src/api/live/follow/watch.ts";

test("who follows the database looks after a change by this process, and by another one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flow-runner-watch-"));
  const data = join(folder, "api.db");
  const [own, foreign] = [openDatabase(data), openDatabase(data)];
  const watch = new Watch(own);
  let looks = 0;
  const server = createServer((_, response) =>
    watch.follow(response, (stream) => () => {
      looks += 1;
      stream.send("look", {});
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    watch.close();
    server.close();
    for (const each of [own, foreign]) each.close();
    rmSync(folder, { recursive: true });
  });
  const { body } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let read = "";
  const looked = async (times: number): Promise<void> => {
    while (looks < times || read.split("event: look").length <= times) read += (await reader?.read())?.value ?? "";
  };
  await looked(1);
  own.transaction(() => own.run("UPDATE removal SET count = count + 1"));
  await looked(2);
  // Nothing else happens here that would have anybody look.
  foreign.transaction(() => foreign.run("UPDATE removal SET count = count + 1"));
  await looked(3);
  expect(looks).toBe(3);
});
