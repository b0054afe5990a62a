/** A request to Prefect 3's API. */
export interface AskedRequest {
  readonly method: string;
  /** Below the address of the API, with its query. */
  readonly path: string;
  /** Null: there was none. */
  readonly body: unknown;
}

const base = "http://api";
/** Addresses of the API end in this, and a recording may have been made with the whole of it before each path, or without. */
const prefix = /^\/api(?:\/accounts\/[^/]+\/workspaces\/[^/]+)?(?=\/)/;
/** A client's own name, drawn by lot. */
const chance = ["client"];

/** Path and query as they are the same in the recording and in its replay. */
export function placeOf(path: string): string {
  const { pathname, searchParams } = new URL(path, base);
  for (const name of chance) searchParams.delete(name);
  searchParams.sort();
  const query = searchParams.toString();
  return `${pathname.replace(prefix, "")}${query === "" ? "" : `?${query}`}`;
}
