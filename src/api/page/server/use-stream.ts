import { EventSource } from "eventsource";
import { useEffect, useRef, useState } from "preact/hooks";
import { keyHeaders, keyRefused } from "./key.ts";

export type Connection = "connecting" | "live" | "lost";

/**
 * Follows a stream of the API's events for as long as the page can be seen. A connection that was cut is made again, and
 * goes on after the last event; a page that comes into view again begins anew.
 *
 * The browser's own EventSource can send no key.
 *
 * @param events - what to do with the data of each event, by its name
 */
export function useStream(path: string, events: Readonly<Record<string, (data: never) => void>>): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  const current = useRef(events);
  current.current = events;
  const names = Object.keys(events).join();
  useEffect(() => {
    let source: EventSource | null = null;
    const open = (): void => {
      source = new EventSource(`/page/${path}`, { fetch: fetchWithKey });
      source.addEventListener("open", () => setConnection("live"));
      source.addEventListener("error", () => setConnection("lost"));
      for (const name of names.split(",")) {
        source.addEventListener(name, ({ data }: MessageEvent) => current.current[name]?.(JSON.parse(data) as never));
      }
    };
    const close = (): void => {
      source?.close();
      source = null;
    };
    // A browser has six connections to a server, for all its tabs.
    const look = (): void => {
      if (document.hidden) close();
      else if (source === null) open();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      close();
    };
  }, [path, names]);
  return connection;
}

async function fetchWithKey(url: string | URL, init: { readonly headers: Record<string, string> }): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, ...keyHeaders() } } as RequestInit);
  if (response.status === 401) keyRefused();
  return response;
}
