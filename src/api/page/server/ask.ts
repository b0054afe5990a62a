import { keyHeaders, keyRefused } from "./key.ts";

/** What the API answers to a request below `/page/`. Throws with its reason when it refuses. */
export async function ask<Result>(path: string): Promise<Result> {
  return read(await fetch(`/page/${path}`, { headers: keyHeaders() }));
}

/** The same for a request that changes something. */
export async function tell<Result>(path: string, body: object = {}): Promise<Result> {
  const headers = { ...keyHeaders(), "content-type": "application/json", "x-flow-runner": "page" };
  return read(await fetch(`/page/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function read<Result>(response: Response): Promise<Result> {
  if (response.status === 401) keyRefused();
  const body = await response.json();
  if (response.ok) return body;
  throw new Error(body.error ?? body.errors?.[0]?.message ?? `The API answered HTTP ${response.status}.`);
}
