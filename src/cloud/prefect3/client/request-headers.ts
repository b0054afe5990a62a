import { version } from "../../../config/index.ts";

/** Who asks. */
export interface Credentials {
  /** `PREFECT_API_KEY`. */
  readonly key: string | null;
  /** `PREFECT_API_AUTH_STRING`, `user:password`; it wins over the key. */
  readonly authString: string | null;
  /** `PREFECT_CLIENT_CUSTOM_HEADERS`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The version of the API that every client of Prefect 3 asks for. */
const apiVersion = "0.8.4";

/**
 * The version of Prefect's client that ours stands for. From 3.4.11 on a client promises to renew the lease of a
 * deployment's concurrency slot; before that the server takes the slot back in the middle of the run.
 */
const clientVersion = "3.8.8";

/** Prefect 3: headers of one's own never replace those that the server sorts clients by. */
const reserved: ReadonlySet<string> = new Set(["user-agent", "prefect-csrf-token", "prefect-csrf-client"]);

/** What goes with every request. */
export function requestHeaders({ key, authString, headers }: Credentials): Readonly<Record<string, string>> {
  const own = Object.entries(headers).filter(([name]) => !reserved.has(name.toLowerCase()));
  return {
    ...Object.fromEntries(own),
    "Content-Type": "application/json",
    Accept: "application/json",
    "X-PREFECT-API-VERSION": apiVersion,
    "User-Agent": `prefect/${clientVersion} (API ${apiVersion}) flow-runner/${version}`,
    ...authorization(key, authString),
  };
}

function authorization(key: string | null, authString: string | null): Readonly<Record<string, string>> {
  if (authString !== null) return { Authorization: `Basic ${Buffer.from(authString).toString("base64")}` };
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}
