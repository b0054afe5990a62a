import { setTimeout as pause } from "node:timers/promises";

/** Asks the API of a Prefect 3 server as it is, and gives its JSON. A locked database is asked again, and a connection that it closed. */
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
      method,
      headers: { "content-type": "application/json", ...headers, ...csrf },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      // It closes a connection that has not been used for five seconds, in the moment in which it is used.
      if (isReset(error) && Date.now() < deadline) return null;
      throw error;
    });
    if (response === null) continue;
    const text = await response.text();
    if (response.status === 403 && /csrf/i.test(text) && Date.now() < deadline) {
      const answer = await fetch(`${url}/csrf-token?client=test`, { headers });
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

const isReset = (error: unknown): boolean =>
  error instanceof TypeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ECONNRESET";
