import { describe, expect, test } from "vitest";
import { warned } from "./warned.ts";

describe("the gotcha local-address", () => {
  test.each([
    ["localhost", 'export const x = fetch("http://localhost:8080/rows");'],
    ["127.0.0.1", 'export const x = fetch("https://127.0.0.1/rows");'],
    ["[::1]", 'export const x = fetch("http://[::1]:80/rows");'],
    ["localhost", 'export const x = "postgres://user:pass@localhost/db";'],
    ["localhost", "export const x = (id: string) => fetch(`http://localhost/$" + "{id}`);"],
    ["localhost", 'export const x = { host: "localhost", port: 5432 };'],
    ["localhost", 'const redisHost = "localhost"; export const x = redisHost.length;'],
    ["localhost", 'export const x = "localhost:9092";'],
    ["localhost", 'export const x = process.env.DB ?? "postgres://localhost/db";'],
    ["host.docker.internal", 'export const x = "http://host.docker.internal:3000";'],
    ["printer.local", 'export const x = "http://printer.local/";'],
    ["/var/run/docker.sock", 'export const x = { socketPath: "/var/run/docker.sock" };'],
  ])("warns of %s in %s", async (address, source) => {
    const warnings = await warned(source);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`local-address at 1: names ${address}, which `);
  });

  test.each([
    ["an address that is somewhere", 'export const x = "https://localhost.example.com/a";'],
    ["a sentence", 'export const x = "it listens on localhost";'],
    ["the base by which a path is parsed", 'export const x = new URL("/a?b=1", "http://localhost").searchParams;'],
    [
      "a flow that has a server of its own",
      'import { createServer } from "node:http"; export const x = () => { createServer().listen(0); return fetch("http://127.0.0.1:8"); };',
    ],
    [
      "a question after a host",
      'export const x = (url: URL) => url.hostname === "localhost" || url.host === "localhost:80";',
    ],
    ["a question after an address", 'export const x = (url: string) => url.startsWith("http://localhost");'],
    ["a word that names no host", 'export const x = { mode: "localhost" };'],
  ])("does not warn of %s", async (_, source) => {
    expect(await warned(source)).toEqual([]);
  });

  test("does not warn of the default of a variable that is set", async () => {
    const source = 'export const x = process.env.DB ?? "postgres://localhost/db";';
    expect(await warned(source, { variables: { DB: "postgres://db/db" } })).toEqual([]);
  });
});
