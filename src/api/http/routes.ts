import type { IncomingMessage } from "node:http";
import { type Dialect, dialectAt } from "../rules/dialect.ts";
import { type Answer, refused } from "./answer.ts";
import { authorize } from "./authorize.ts";
import { type GuardOptions, guard } from "./guard.ts";
import { type Operation, readOperation, readOperations } from "./operation.ts";
import { readBody } from "./read-body.ts";

/** Who sent an operation, and how it is written. */
export interface Sender {
  readonly agentId: string | null;
  readonly dialect: Dialect;
}

export type Executor = (operation: Operation, sender: Sender) => Answer | Promise<Answer>;

/** The web page. */
export interface Page {
  /** Its own files, which anybody may load; null: it has none at this path. */
  readonly file: (path: string) => Promise<Answer | null>;
  /** What it asks below `/page/`. */
  readonly ask: (request: IncomingMessage) => Promise<Answer>;
}

export interface RouteOptions extends Pick<GuardOptions, "host"> {
  readonly key: string | null;
  readonly execute: Executor;
  readonly page: Page;
}

const health = "/.well-known/apollo/server-health";

/** Answers one request as Prefect 1.x's gateway (Apollo Server 2) does, or with the web page. */
export async function answer(request: IncomingMessage, options: RouteOptions): Promise<Answer> {
  const { key, execute, page, host } = options;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
  const { method = "GET" } = request;
  if (pathname === health) return { status: 200, body: { status: "pass" } };
  const foreign = guard(request, { isKeyed: key !== null, host });
  if (foreign !== null) {
    request.resume();
    return foreign;
  }
  const file = isForPeople(request, pathname, searchParams) ? await page.file(pathname) : null;
  if (file !== null) return file;
  const dialect = dialectAt(pathname);
  const isAsked = pathname.startsWith("/page/");
  if (dialect === null && !isAsked) {
    const places = "the API is at /, and for Prefect 0.7 at /graphql/alpha";
    return refused(404, "NOT_FOUND", `Cannot ${method} ${pathname}: ${places}`);
  }
  const unauthorized = authorize(key, request.headers.authorization);
  if (unauthorized !== null) {
    request.resume();
    return unauthorized;
  }
  if (dialect === null) return page.ask(request);
  const sender: Sender = { dialect, agentId: headerOf(request, "x-prefect-agent-id") };
  if (method === "GET") {
    const operation = readOperation(Object.fromEntries(searchParams), true);
    return "status" in operation ? operation : execute(operation, sender);
  }
  if (method !== "POST") {
    const no = refused(405, "METHOD_NOT_ALLOWED", "Apollo Server supports only GET/POST requests.");
    return { ...no, headers: { allow: "GET, POST" } };
  }
  // A web page may post other types to any address without asking; this one its browser asks about first.
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    request.resume();
    return refused(400, "BAD_REQUEST", "POST body missing: send JSON, with the header Content-Type: application/json.");
  }
  const body = await readBody(request);
  if (typeof body !== "string") return body;
  const operations = readOperations(body);
  if ("status" in operations) return operations;
  if ("query" in operations) return execute(operations, sender);
  const answers: Answer[] = [];
  for (const operation of operations) answers.push(await execute(operation, sender));
  const delivery = answers.find((each) => each.delivery !== undefined)?.delivery;
  const all = { status: 200, body: answers.map((each) => each.body) };
  return delivery === undefined ? all : { ...all, delivery };
}

/** At / a browser is given the page, and everybody the answer to a query. */
function isForPeople({ method, headers }: IncomingMessage, path: string, parameters: URLSearchParams): boolean {
  if (method !== "GET") return false;
  return path !== "/" || (!parameters.has("query") && (headers.accept ?? "").includes("text/html"));
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}
