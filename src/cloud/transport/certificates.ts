import { readFileSync } from "node:fs";
import { FlowRunnerError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";

/** NODE_EXTRA_CA_CERTS is node's own; these two are what Prefect's users set for Python. */
const variables = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] as const;

/**
 * The certificate authorities to trust, when the environment names a file of them: those that node trusts anyway, and
 * the file's. Nothing is named: node's default, without loading it.
 *
 * @throws FlowRunnerError `API_CERTIFICATES_UNREADABLE`
 */
export function certificateAuthorities(env: NodeJS.ProcessEnv): { ca?: string[] } {
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
