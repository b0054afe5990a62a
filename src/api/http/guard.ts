import type { IncomingMessage } from "node:http";
import { type Answer, refused } from "./answer.ts";

/** What a web page elsewhere may make a browser send, and the API must not take for its owner's wish. */
export interface GuardOptions {
  /** Requests carry a key, which no page elsewhere knows. */
  readonly isKeyed: boolean;
  /** Where it listens: this name is right in any case. */
  readonly host: string;
}

/**
 * Refuses what another web page has a browser send. Programs send none of these headers but Host, and are let through.
 *
 * - A page whose name was turned to this machine's address (DNS rebinding) is of the same origin for the browser: it is
 *   known by its name, which is one that everybody can look up. Without a key only addresses and names of this machine
 *   or its network are taken.
 * - A page of another origin says so by Origin or Sec-Fetch-Site. Following a link to the API's page is all it may do.
 *
 * @returns null: it may pass
 */
export function guard(request: IncomingMessage, { isKeyed, host }: GuardOptions): Answer | null {
  const { host: named, origin } = request.headers;
  if (!isKeyed && named !== undefined && !isOwnName(nameIn(named), host)) {
    return forbidden(
      `The name ${nameIn(named)} may be anybody's: without a key the API answers to addresses and to names of its own network. Use its address, or start it with --key.`,
    );
  }
  if (origin !== undefined && originHost(origin) !== named?.toLowerCase()) {
    return forbidden(`Requests from pages of ${origin} are refused.`);
  }
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return null;
  const isLink = request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate" && request.url === "/";
  return isLink ? null : forbidden("Requests from other pages are refused.");
}

const forbidden = (message: string): Answer => refused(403, "FORBIDDEN", message);

/** `[::1]:4200` is `::1` */
const nameIn = (host: string): string =>
  (/^\[(.*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, "")).toLowerCase().replace(/\.$/, "");

const address = /^[\d.]+$|:/;
/** Names that no public server of names gives away (RFC 6761, 6762, 9476 and what Docker and Kubernetes use). */
const ownNetwork = /^[^.]+$|\.(?:localhost|local|internal|test|svc|lan|home\.arpa)$/;

const isOwnName = (name: string, host: string): boolean =>
  address.test(name) || ownNetwork.test(name) || name === host.toLowerCase();

function originHost(origin: string): string | null {
  const { host } = URL.parse(origin) ?? {};
  return host === undefined || host === "" ? null : host;
}
