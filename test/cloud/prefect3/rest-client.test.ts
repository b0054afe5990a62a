import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rejectedWith } from "../../../src/cloud/prefect3/index.ts";
import { type Answer, connect, serve } from "./scripted-server.ts";

const change = {
  operation: "a change",
  method: "POST",
  path: "/flows/",
  body: { name: "weather" },
  shape: z.object({ id: z.string() }),
} as const;
const made: Answer = { status: 201, body: { id: "f-1" } };

describe("a client of the API of Prefect 3", () => {
  test("asks below the address, whether that ends in a slash or not, as Prefect's own clients do", async () => {
    const { url, asked } = await serve(made);
    for (const address of [url, `${url}/`]) expect(await connect(address).client.send(change)).toEqual({ id: "f-1" });
    expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual(
      Array(2).fill(["POST", "/api/flows/", '{"name":"weather"}']),
    );
    expect(asked[0]?.headers["x-prefect-api-version"]).toBe("0.8.4");
    // The server's own pattern: from 3.4.11 on it expects that leases of concurrency slots are renewed.
    expect(asked[0]?.headers["user-agent"]).toMatch(/^prefect\/3\.8\.8 \(API 0\.8\.4\)/);
  });

  test.each([
    ["a key", { key: "pnu_1" }, "Bearer pnu_1"],
    ["a user and password, which win over a key", { key: "pnu_1", authString: "ada:lace" }, "Basic YWRhOmxhY2U="],
    ["nothing", {}, undefined],
  ])("says who asks by %s", async (_name, credentials, authorization) => {
    const { url, asked } = await serve(made);
    await connect(url, credentials).client.send(change);
    expect(asked[0]?.headers.authorization).toBe(authorization);
  });

  test("sends headers of one's own, but none of those by which a server sorts its clients", async () => {
    const { url, asked } = await serve(made);
    await connect(url, { headers: { "X-Team": "weather", "User-Agent": "curl" } }).client.send(change);
    expect(asked[0]?.headers["x-team"]).toBe("weather");
    expect(asked[0]?.headers["user-agent"]).toMatch(/^prefect\//);
  });

  test("a server that wants a CSRF token is given one, which is asked for once", async () => {
    const { url, asked } = await serve(({ headers, path = "" }) => {
      if (path.startsWith("/api/csrf-token")) return { status: 200, body: { token: "t-1" } };
      return headers["prefect-csrf-token"] === "t-1" ? made : { status: 403, body: { detail: "Missing CSRF token." } };
    });
    const { client } = connect(url);
    await client.send(change);
    await client.send(change);
    expect(asked.map(({ path = "" }) => path.split("?")[0])).toEqual([
      "/api/flows/",
      "/api/csrf-token",
      "/api/flows/",
      "/api/flows/",
    ]);
    const clients = new Set(asked.slice(2).map(({ headers }) => headers["prefect-csrf-client"]));
    expect([...clients]).toEqual([asked[1]?.path?.split("client=")[1]]);
  });

  test("a database that is locked and an answer 429 are waited out, by the server's own seconds and their fractions", async () => {
    const { url, asked } = await serve(
      { status: 503, body: { detail: "database is locked" } },
      { status: 429, headers: { "Retry-After": "12.386809160799125" } },
      made,
    );
    const { client, clock } = connect(url);
    expect(await client.send(change)).toEqual({ id: "f-1" });
    expect(asked).toHaveLength(3);
    expect(clock.waits[1]).toBeCloseTo(12_386.8, 0);
  });

  test("what may not be done twice is not sent again when nobody knows whether it arrived", async () => {
    const { url, asked } = await serve({ status: 500 }, made);
    const { client } = connect(url);
    await expect(client.send({ ...change, repeatable: false })).rejects.toMatchObject({ code: "API_UNREACHABLE" });
    expect(asked).toHaveLength(1);
    expect(await client.send({ ...change, repeatable: false })).toEqual({ id: "f-1" });
  });

  test("an answer that says no is final, and its reasons are told", async () => {
    const { url, asked } = await serve({
      status: 422,
      body: {
        exception_message: "Invalid request received.",
        exception_detail: [{ loc: ["body", "name"], msg: "Field required", type: "missing" }],
      },
    });
    const error = await connect(url)
      .client.send(change)
      .catch((thrown: unknown) => thrown);
    expect(rejectedWith(error, 404)).toBe(false);
    expect(rejectedWith(error, 404, 422)).toBe(true);
    expect(String(error)).toMatch(/HTTP 422: a change: Invalid request received; name: Field required/);
    expect(asked).toHaveLength(1);
  });

  test("credentials that are wrong are told by the variables that set them, and never shown", async () => {
    const { url } = await serve(({ headers }) => ({ status: 401, body: { detail: `no ${headers.authorization}` } }));
    const { client } = connect(url, { key: "pnu_secret" });
    await expect(client.send(change)).rejects.toThrow(/no Bearer \*\*\*.*PREFECT_API_KEY/s);
    await expect(connect(url).client.send(change)).rejects.toThrow(/none were given.*PREFECT_API_AUTH_STRING/s);
  });

  test("an answer of another form says what of it is wrong", async () => {
    const { url } = await serve({ status: 200, body: { id: 7 } });
    await expect(connect(url).client.send(change)).rejects.toMatchObject({ code: "API_ANSWER_MALFORMED" });
  });
});
