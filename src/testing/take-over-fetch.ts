/// <reference path="../cloud/transport/undici-parts.d.ts" />
import type { Dispatcher } from "undici";
import type { Api } from "../api/index.ts";

/**
 * Lets `fetch` (and undici's `request`) reach an API that listens nowhere by its address, in this process; all other
 * addresses are reached as before.
 *
 * @returns Ends it.
 */
export async function takeOverFetch(api: Pick<Api, "url" | "connect">): Promise<() => Promise<void>> {
  const { default: undici } = await import("undici/index.js");
  const { getGlobalDispatcher, setGlobalDispatcher, Dispatcher, Pool } = undici;
  const before = getGlobalDispatcher();
  const { origin } = new URL(api.url);
  const pool = new Pool(origin, {
    connect: (_options, callback) => {
      setImmediate(() => {
        const connection = api.connect();
        if (connection === null) callback(new Error(`connect ECONNREFUSED: the API at ${origin} is down`), null);
        // undici takes any Duplex for a socket, and its types do not say so.
        else callback(null, connection as never);
      });
    },
  });
  class TakenOver extends Dispatcher {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      return (String(options.origin) === origin ? pool : before).dispatch(options, handler);
    }
  }
  const takenOver = new TakenOver();
  setGlobalDispatcher(takenOver);
  const giveBack = takeOverForeignFetch(origin, pool);
  return async () => {
    giveBack();
    if (getGlobalDispatcher() === takenOver) setGlobalDispatcher(before);
    await pool.destroy();
  };
}

/**
 * Where tests run in a realm of their own, as with jest, `fetch` is that of the realm around it, whose dispatcher is out
 * of reach: there it is told with each request who sends it.
 */
function takeOverForeignFetch(origin: string, dispatcher: Dispatcher): () => void {
  const before = globalThis.fetch;
  if ((before as object) instanceof Function) return () => undefined;
  const takenOver: typeof fetch = (input, init) => {
    const url = typeof input === "object" && "url" in input ? input.url : String(input);
    const isOurs = URL.parse(url)?.origin === origin;
    // What Node's own fetch takes beside what the standard has.
    return before(input, isOurs ? ({ ...init, dispatcher } as object) : init);
  };
  globalThis.fetch = takenOver;
  return () => {
    if (globalThis.fetch === takenOver) globalThis.fetch = before;
  };
}
