import dns from "node:dns";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openGraphqlApi } from "../../src/cloud/graphql/open-graphql-api.ts";
import { parseRetryAfter } from "../../src/cloud/transport/retry-after.ts";
import { FakeApi } from "./fake-api.ts";
import { JumpingClock } from "./manual-clock.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
}

function client(url: string, env: NodeJS.ProcessEnv = {}, more: Partial<Parameters<typeof openGraphqlApi>[0]> = {}) {
  const clock = new JumpingClock();
  const api = openGraphqlApi({ url, key: null, tenantId: null, env, clock, outageBudget: 5_000, ...more });
  open.push({ close: () => api.close() });
  return api;
}

const heard: RequestListener = (_request, response) => response.end('{"data":{"secret_names":["A"]}}');
const tls = (name: string) => fileURLToPath(new URL(`./fixtures/tls/${name}`, import.meta.url));
const tlsServer = () =>
  createTlsServer({ key: readFileSync(tls("key.pem")), cert: readFileSync(tls("cert.pem")) }, heard);

describe("connections", () => {
  test("one is kept for all requests, and replaced at once when the server has closed it", async () => {
    const fake = await new FakeApi().listen();
    open.push({ close: () => fake.stop() });
    const clock = new JumpingClock();
    const api = openGraphqlApi({ url: fake.url, key: null, tenantId: null, env: {}, clock });
    for (let at = 0; at < 20; at += 1) await api.heartbeat("fr-1");
    expect(fake.connections).toBe(1);
    fake.closeKeptConnections();
    await api.heartbeat("fr-1");
    expect(fake.heartbeats).toBe(21);
    expect(clock.waits).toEqual([]);
    api.close();
  });

  test("IPv6 addresses", async () => {
    const port = await listen(createServer(heard), "::1");
    const api = client(`http://[::1]:${port}`);
    expect(api.address).toBe(`http://[::1]:${port}`);
    expect(await api.secretNames()).toEqual(["A"]);
  });

  test("a user and password in the address are not shown", () => {
    expect(client("https://ada:secret@api.example/graphql").address).toBe("https://api.example/graphql");
  });

  test("a user and password in the address are sent, unless there is a key", async () => {
    const seen: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => {
        seen.push(request.headers.authorization);
        heard(request, response);
      }),
    );
    const url = `http://ada:p%40ss@127.0.0.1:${port}`;
    await client(url).secretNames();
    await client(url, {}, { key: "k" }).secretNames();
    expect(seen).toEqual([`Basic ${Buffer.from("ada:p@ss").toString("base64")}`, "Bearer k"]);
  });

  test.each(["", "api.prefect.io", "ftp://x", "http://"])('"%s" is no address', (url) => {
    expect(() => client(url)).toThrow(expect.objectContaining({ code: "API_URL_INVALID", exitCode: 2 }));
  });
});

describe("certificates", () => {
  test("of an unknown authority are refused", async () => {
    const port = await listen(tlsServer());
    await expect(client(`https://127.0.0.1:${port}`).secretNames()).rejects.toMatchObject({
      code: "API_UNREACHABLE",
      message: expect.stringContaining("self-signed certificate"),
    });
  });

  test.each(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])("of the authority in %s are accepted", async (variable) => {
    const port = await listen(tlsServer());
    const api = client(`https://127.0.0.1:${port}`, { [variable]: tls("cert.pem") });
    expect(await api.secretNames()).toEqual(["A"]);
  });

  test.each([
    ["is not there", "/nowhere/ca.pem", "ENOENT"],
    ["holds no certificate", tls("key.pem"), "no PEM certificate"],
  ])("a file that %s is named", (_name, path, problem) => {
    expect(() => client("https://127.0.0.1:1", { SSL_CERT_FILE: path })).toThrow(
      expect.objectContaining({
        code: "API_CERTIFICATES_UNREADABLE",
        message: expect.stringMatching(new RegExp(`SSL_CERT_FILE.*${path}.*${problem}`)),
      }),
    );
  });
});

describe("what passes by itself is waited out", () => {
  test("a certificate that has expired, until it is renewed", async () => {
    const tlsOf = (name: string) => ({ key: readFileSync(tls("key.pem")), cert: readFileSync(tls(name)) });
    let tries = 0;
    const server = createTlsServer(tlsOf("expired.pem"), heard);
    server.on("tlsClientError", () => {
      tries += 1;
      if (tries === 3) server.setSecureContext(tlsOf("cert.pem"));
    });
    const port = await listen(server);
    const warnings: string[] = [];
    const env = { SSL_CERT_FILE: tls("both.pem") };
    const api = client(`https://127.0.0.1:${port}`, env, { warn: (text) => warnings.push(text) });
    expect(await api.secretNames()).toEqual(["A"]);
    expect(warnings[0]).toMatch(/cannot be reached: certificate has expired/);
  });

  test("a name that is not known yet", async () => {
    const port = await listen(createServer(heard));
    const late = vi.spyOn(dns, "lookup");
    const known = late.getMockImplementation() ?? dns.lookup;
    try {
      for (const code of ["ENOTFOUND", "EAI_AGAIN"])
        late.mockImplementationOnce(((name: string, _options: object, done: (error: Error) => void) =>
          done(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }))) as unknown as typeof known);
      const warnings: string[] = [];
      const api = client(`http://localhost:${port}`, {}, { warn: (text) => warnings.push(text) });
      expect(await api.secretNames()).toEqual(["A"]);
      expect(warnings[0]).toMatch(/cannot be reached: getaddrinfo ENOTFOUND localhost/);
    } finally {
      late.mockRestore();
    }
  });

  test("a page of a proxy's, once the API itself has answered", async () => {
    let pages = 0;
    const port = await listen(
      createServer((request, response) => {
        if (pages === 0 || pages > 20) heard(request, response);
        else response.end("<html>The service is starting</html>");
        pages += 1;
      }),
    );
    const api = client(`http://127.0.0.1:${port}`, {}, { outageBudget: 600_000 });
    await api.secretNames();
    expect(await api.secretNames()).toEqual(["A"]);
    expect(pages).toBe(22);
  });
});

describe("proxies", () => {
  async function proxy() {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      heard(request, response);
    });
    server.on("connect", (request, socket, head) => {
      seen.push(`CONNECT ${request.url}`);
      const [, port] = (request.url ?? "").split(":");
      const upstream = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    return { seen, env: { HTTP_PROXY: url, HTTPS_PROXY: url } };
  }

  test("HTTP_PROXY", async () => {
    const { seen, env } = await proxy();
    expect(await client("http://api.test:4200/graphql", env).secretNames()).toEqual(["A"]);
    expect(seen).toEqual(["POST http://api.test:4200/graphql"]);
  });

  test("HTTPS_PROXY, with one tunnel for all requests", async () => {
    const port = await listen(tlsServer());
    const { seen, env } = await proxy();
    const api = client(`https://localhost:${port}`, { ...env, SSL_CERT_FILE: tls("cert.pem") });
    for (let at = 0; at < 3; at += 1) expect(await api.secretNames()).toEqual(["A"]);
    expect(seen).toEqual([`CONNECT localhost:${port}`]);
  });

  test("NO_PROXY", async () => {
    const port = await listen(createServer(heard));
    const { seen, env } = await proxy();
    expect(await client(`http://127.0.0.1:${port}`, { ...env, NO_PROXY: "127.0.0.1" }).secretNames()).toEqual(["A"]);
    expect(seen).toEqual([]);
  });

  test("one that is not there is an unreachable API", async () => {
    const api = client("https://api.test", { HTTPS_PROXY: "http://127.0.0.1:1" });
    await expect(api.secretNames()).rejects.toMatchObject({ code: "API_UNREACHABLE", exitCode: 4 });
  });
});

describe("answers", () => {
  const answering = async (listener: RequestListener, key?: string) =>
    client(`http://127.0.0.1:${await listen(createServer(listener))}`, {}, key === undefined ? {} : { key });
  const saying = (status: number, body: string, key?: string) =>
    answering((_request, response) => response.writeHead(status).end(body), key);

  test.each([
    [401, "no such key"],
    [403, "not yours"],
    [200, '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}'],
    [400, '{"errors":[{"message":"Malformed Authorization header"}]}'],
  ])("%i %s: a wrong key says what to do", async (status, body) => {
    await expect((await saying(status, body, "k")).secretNames()).rejects.toMatchObject({
      code: "API_UNAUTHORIZED",
      exitCode: 4,
      message: expect.stringContaining("PREFECT__CLOUD__API_KEY"),
    });
  });

  test.each([401, 500, 404, 200])(
    "%i: a server that shows what it was sent does not bring the key into the message",
    async (status) => {
      const api = await saying(status, "you sent Bearer k-0123456789", "k-0123456789");
      await expect(api.secretNames()).rejects.toMatchObject({ message: expect.not.stringContaining("0123456789") });
    },
  );

  test("a missing key is another sentence than a wrong one", async () => {
    await expect((await saying(401, "")).secretNames()).rejects.toThrow("wants a key and none was given");
  });

  test.each([
    [404, "<html>Not found</html>", "API_REJECTED", "Prefect 3's ends in /api"],
    [301, "", "API_REJECTED", "HTTP 301"],
    [400, '{"errors":[{"message":"Cannot query field x"}]}', "API_REFUSED", "Cannot query field x"],
    [
      200,
      '{"data":null,"errors":[{"message":"boom"},{"message":"boom"}]}',
      "API_REFUSED",
      "the list of secrets: boom.",
    ],
    [200, "<html>Log in to the Wi-Fi</html>", "API_ANSWER_MALFORMED", "Log in to the Wi-Fi"],
    [200, "[]", "API_ANSWER_MALFORMED", "list of secrets"],
    [200, "{}", "API_ANSWER_MALFORMED", "neither data nor errors"],
    [200, '{"data":{"secret_names":"A"}}', "API_ANSWER_MALFORMED", "secret_names"],
    [500, "boom", "API_UNREACHABLE", "HTTP 500 (boom)"],
  ])("%i %s is %s", async (status, body, code, words) => {
    await expect((await saying(status, body)).secretNames()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  test("none within the time limit", async () => {
    const port = await listen(createServer(() => undefined));
    const api = client(`http://127.0.0.1:${port}`, {}, { requestTimeout: 50 });
    await expect(api.secretNames()).rejects.toThrow("no answer within 0.05 s");
  });

  test("one that never ends", async () => {
    const port = await listen(createServer((_request, response) => void response.write("{")));
    const api = client(`http://127.0.0.1:${port}`, {}, { requestTimeout: 50 });
    await expect(api.secretNames()).rejects.toMatchObject({ code: "API_UNREACHABLE" });
  });

  test("requests carry the key, the tenant and the version, as Prefect 1.x's do", async () => {
    let headers: NodeJS.Dict<string | string[]> = {};
    const port = await listen(
      createServer((request, response) => {
        headers = request.headers;
        heard(request, response);
      }),
    );
    const api = openGraphqlApi({ url: `http://127.0.0.1:${port}`, key: "key", tenantId: "7a6b3f54", env: {} });
    open.push({ close: () => api.close() });
    await api.secretNames();
    expect(headers).toMatchObject({
      authorization: "Bearer key",
      "x-prefect-tenant-id": "7a6b3f54",
      "x-prefect-core-version": "1.4.1",
      "content-type": "application/json",
    });
  });
});

test.each([
  ["120", 120_000],
  ["0", 0],
  ["1.5", 1_500],
  ["-3", 0],
  ["", null],
  ["Fri, 02 Jan 2026 00:00:30 GMT", 30_000],
  ["Fri, 02 Jan 2026 00:00:00 GMT", 0],
  ["tomorrow", null],
  [undefined, null],
])("Retry-After: %s", (header, milliseconds) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 0, 2))).toBe(milliseconds);
});
