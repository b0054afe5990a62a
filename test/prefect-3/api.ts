import { setTimeout as pause } from "node:timers/promises";
import { Agent, fetch } from "undici";

/** A connection for each request: uvicorn closes one that has not been used for five seconds, at times just as it is used again. */
const dispatcher = new Agent({ pipelining: 0 });

/** Asks the API of a Prefect 3 server as it is, and gives its JSON. A locked database is asked again. */
export async function ask<Answer = unknown>(
  url: string,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  let csrf = {};
  for (const deadline = Date.now() + 240_000; ; await pause(200)) {
    const response = await fetch(`${url}${path}`, {
      ...{ dispatcher, method },
      headers: { "content-type": "application/json", ...headers, ...csrf },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 403 && /csrf/i.test(text) && Date.now() < deadline) {
      const answer = await fetch(`${url}/csrf-token?client=test`, { dispatcher, headers });
      csrf = {
        "prefect-csrf-client": "test",
        "prefect-csrf-token": ((await answer.json()) as { token: string }).token,
      };
      continue;
    }
    if (response.status === 503 && Date.now() < deadline) continue;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? (null as Answer) : JSON.parse(text);
  }
}
