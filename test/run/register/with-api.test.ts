import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { Api } from "../../../src/cloud/index.ts";
import type { ApiAccess } from "../../../src/config/index.ts";
import { withApi } from "../../../src/run/register/with-api.ts";

const access = (port: number, dialect: ApiAccess["dialect"]): ApiAccess => ({
  apiUrl: `http://127.0.0.1:${port}/api`,
  apiKey: null,
  tenantId: null,
  dialect,
});

afterEach(() => void vi.useRealTimers());

test.each([
  ["1.x", '{"data":{"secret_names":["A"]}}', (api: Api) => api.secretNames(), ["A"]],
  ["3", '{"id":"v-1","name":"a","value":1}', (api: Api) => api.prefect3?.variable("a"), { value: 1 }],
] as const)(
  "a command's API of Prefect %s may take as long to answer as Prefect 3's own client waits",
  async (dialect, body, ask, told) => {
    const asked = Promise.withResolvers<ServerResponse>();
    const server = createServer((_request, response) => asked.resolve(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = withApi(access((server.address() as AddressInfo).port, dialect), async (api) => ask(api));
    const response = await asked.promise;
    vi.advanceTimersByTime(59_000);
    response.writeHead(200, { "content-type": "application/json", connection: "close" }).end(body);
    expect(await answer).toMatchObject(told);
  },
);
