import { expect, test } from "vitest";
import type { Event3 } from "../../../src/cloud/prefect3/events/event.ts";
import { EventOutbox } from "../../../src/cloud/prefect3/events/event-outbox.ts";
import { connect, serve } from "./scripted-server.ts";

const event = (id: string): Event3 => ({ id, occurred: "", event: id, resource: {}, related: [], payload: {} });

test.each([
  ["is left out when many have ended meanwhile", 150, 150],
  ["is told with the end of a few", 10, 20],
])("the start of a task run %s, in one request", async (_, count, told) => {
  const { url, asked } = await serve({ status: 204 });
  const { client, clock } = connect(url);
  const outbox = new EventOutbox(client, clock);
  const ids = Array.from({ length: count }, (_, at) => `t-${at}`);
  for (const id of ids) outbox.hold("start", id, event(`begin ${id}`));
  await outbox.send(new Map(ids.map((id) => [id, [event(`end ${id}`)]])));
  await outbox.flush();
  expect(asked).toHaveLength(1);
  const events: readonly Event3[] = JSON.parse(asked[0]?.body ?? "[]");
  expect(events).toHaveLength(told);
  expect(events.filter(({ id }) => id.startsWith("end"))).toHaveLength(count);
});
