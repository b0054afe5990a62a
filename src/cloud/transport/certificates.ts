import { readFileSync } from "node:fs";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

/** NODE_EXTRA_CA_CERTS is node's own; these are what Prefect's users set: Prefect 3's own setting first. */
const variables = ["PREFECT_API_SSL_CERT_FILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] as const;

/** How Prefect 3's clients are told to trust whoever answers. */
const anyone = "PREFECT_API_TLS_INSECURE_SKIP_VERIFY";

/** What a connection over TLS trusts. */
export interface Trust {
  readonly ca?: string[];
  readonly rejectUnauthorized?: boolean;
}

/**
 * The certificate authorities to trust, when the environment names a file of them: those that node trusts anyway, and
 * the file's. Nothing is named: node's default, without loading it. PREFECT_API_TLS_INSECURE_SKIP_VERIFY: whoever answers.
 *
 * @throws FlowRunnerError `API_CERTIFICATES_UNREADABLE`
 */
export function certificateAuthorities(env: NodeJS.ProcessEnv): Trust {
  if (/^(true|1|yes|on|t|y)$/i.test(env[anyone] ?? "")) return { rejectUnauthorized: false };
  const variable = variables.find((name) => (env[name] ?? "") !== "");
  const path = variable === undefined ? undefined : env[variable];
  if (variable === undefined || path === undefined) return {};
  return { ca: [...process.getBuiltinModule("node:tls").getCACertificates("default"), readPem(variable, path)] };
}

function readPem(variable: string, path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch (error) {
    const problem = messageOf(error);
    throw new FlowRunnerError("API_CERTIFICATES_UNREADABLE", { variable, path, problem }, { cause: error });
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new FlowRunnerError("API_CERTIFICATES_UNREADABLE", { variable, path, problem: "it holds no PEM certificate" });
}
