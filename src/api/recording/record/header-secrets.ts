import type { IncomingHttpHeaders } from "node:http";

/** The secrets that headers carry, which a server's answer or a log may show again. */
export function secretsInHeaders(headers: IncomingHttpHeaders): string[] {
  const { authorization = "", cookie = "" } = headers;
  // A client gives one alone as a text.
  const cookies = [headers["set-cookie"] ?? []].flat();
  const csrf = [headers["prefect-csrf-token"] ?? []].flat();
  const [scheme = "", credentials = ""] = authorization.split(/ +/, 2);
  const isBasic = scheme.toLowerCase() === "basic";
  const password = isBasic
    ? Buffer.from(credentials, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "")
    : "";
  const inCookies = [...cookie.split(";"), ...cookies.map((each) => each.split(";", 1)[0] ?? "")];
  const values = inCookies.map((each) => each.replace(/^[^=]*=/, "").trim());
  return [credentials, password, ...csrf, ...values].filter((value) => value !== "");
}
