import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowRunner } from "../../cli/binary.ts";
import { eventually } from "../../eventually.ts";
import { describeWithPrefect3 } from "../../prefect-3/installed.ts";
import { type Prefect3Server, startPrefect3 } from "../../prefect-3/server.ts";
import { type Deployed3, saved } from "./deployed.ts";

const authString = "ada:lace";
const tls = (name: string) => fileURLToPath(new URL(`../../cloud/fixtures/tls/${name}`, import.meta.url));

let server: Prefect3Server;
let deployed: Deployed3;
const open: Server[] = [];

async function listening(opened: Server): Promise<number> {
  open.push(opened);
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  return (opened.address() as AddressInfo).port;
}

const joined = (one: Socket, other: Socket): void => {
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
  one.pipe(other).pipe(one);
};

/** The server behind a certificate that nobody has signed, and the first lines of what it was asked and has answered. */
async function secured() {
  const target = Number(new URL(server.url).port);
  const pair = { key: readFileSync(tls("key.pem")), cert: readFileSync(tls("cert.pem")) };
  const seen: string[] = [];
  const opened = createTlsServer(pair, (socket) => {
    socket.on("data", (chunk) => seen.push(chunk.toString("latin1").split("\r\n", 1)[0] ?? ""));
    const behind = connect(target, "127.0.0.1");
    behind.on("data", (chunk) => seen.push(chunk.toString("latin1").split("\r\n", 1)[0] ?? ""));
    joined(socket, behind);
  });
  return { seen, url: `https://localhost:${await listening(opened)}/api` };
}

/** A proxy, and where it led to. */
async function proxy() {
  const seen: string[] = [];
  const opened = createServer();
  opened.on("connect", (request, socket: Socket) => {
    seen.push(request.url ?? "");
    const to = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    joined(socket, to);
  });
  return { seen, url: `http://127.0.0.1:${await listening(opened)}` };
}

/** Runs a flow that waits until it is cancelled, and cancels it once it can hear of that by WebSocket. */
async function cancel(env: NodeJS.ProcessEnv, seen: readonly string[]): Promise<void> {
  const id = await deployed.run("endless");
  let isAsked = false;
  const { state } = await deployed.execute(id, {
    env: { PREFECT_API_AUTH_STRING: authString, ...env },
    onLog: ({ message }) => {
      if (message !== "waiting" || isAsked) return;
      isAsked = true;
      // Where it never can, that is seen below.
      void eventually(() => expect(seen).toContain("HTTP/1.1 101 Switching Protocols"))
        .catch(() => undefined)
        .then(() => deployed.setState(id, { type: "CANCELLING" }));
    },
  });
  expect(state.type).toBe("Cancelled");
  expect(await deployed.flowRun(id)).toMatchObject({ state: { type: "CANCELLED" } });
}

describeWithPrefect3("a Prefect 3 server with a password and CSRF protection", () => {
  beforeAll(async () => {
    server = await startPrefect3({
      env: {
        PREFECT_SERVER_API_AUTH_STRING: authString,
        PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
        // Expires in the middle of a run.
        PREFECT_SERVER_CSRF_TOKEN_EXPIRATION: "PT1S",
      },
    });
    const headers = { authorization: `Basic ${Buffer.from(authString).toString("base64")}` };
    deployed = await saved(server.url, fileURLToPath(new URL("./fixtures/climate.ts", import.meta.url)), headers);
  });
  afterAll(async () => {
    deployed?.close();
    for (const each of open) each.close();
    await server?.close();
  });

  test("is spoken to with the password, and a new token whenever one has expired", async () => {
    const id = await deployed.run("climate", { count: 2 });
    const { state, delivery } = await deployed.execute(id, { env: { PREFECT_API_AUTH_STRING: authString } });
    expect([state.type, delivery.complete]).toEqual(["Success", true]);
    await deployed.recorded(id, (runs) => runs.length === 6 && runs.every((run) => run.state?.type === "COMPLETED"));
  });

  test.each([
    [
      "a wrong password",
      { PREFECT_API_AUTH_STRING: "ada:love" },
      /does not accept these credentials.*401.*PREFECT_API_AUTH_STRING/s,
    ],
    ["a key", { PREFECT_API_KEY: "pnu_none" }, /does not accept these credentials.*401/s],
    ["nothing", {}, /wants credentials and none were given.*PREFECT_API_AUTH_STRING/s],
  ])(
    "is not without it: %s ends with a sentence that says so, and tells no secret",
    async (_, credentials, sentence) => {
      const id = await deployed.run("climate");
      const env = { ...deployed.env(id), ...credentials };
      const { err, exitCode } = await flowRunner(["prefect", "flow-run", "execute"], { env });
      expect(err).toMatch(sentence);
      expect(err).not.toMatch(/love|pnu_none|\n\s+at /);
      expect(exitCode).toBe(4);
    },
  );

  test.each([
    ["whose certificate is trusted by name", { PREFECT_API_SSL_CERT_FILE: tls("cert.pem") }],
    ["whose certificate is not looked at", { PREFECT_API_TLS_INSECURE_SKIP_VERIFY: "true" }],
  ])("behind TLS, %s, also tells by WebSocket of a cancellation, through a proxy", async (_, trust) => {
    const [through, api] = [await proxy(), await secured()];
    const env = { PREFECT_API_URL: api.url, HTTPS_PROXY: through.url, ...trust };
    await cancel(env, api.seen);
    expect(new Set(through.seen)).toEqual(new Set([new URL(api.url).host]));
    expect(api.seen).toContain("GET /api/events/out HTTP/1.1");
    expect(api.seen).toContain("HTTP/1.1 101 Switching Protocols");
  });

  test("is not spoken to where nobody trusts its certificate", async () => {
    const id = await deployed.run("climate");
    const { url } = await secured();
    const env = { PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: authString, FLOW_RUNNER__OUTAGE_BUDGET: "1" };
    await expect(deployed.execute(id, { env })).rejects.toThrow(/self.signed certificate/i);
  });
});
