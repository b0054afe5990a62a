import { setTimeout as pause } from "node:timers/promises";

/** Asks the API of a Prefect 3 server as it is, and gives its JSON. A locked database is asked again. */
export async function ask<Answer = unknown>(
  url: string,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer> {
  for (const deadline = Date.now() + 60_000; ; await pause(200)) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 503 && Date.now() < deadline) continue;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? (null as Answer) : JSON.parse(text);
  }
}
