import { optionalPackage } from "../../config/optional-package.ts";
import { once } from "../once.ts";
import { here, notHere, type SecretProvider } from "./provider.ts";

export interface GcpOptions {
  /** The project of names without one; default: the ambient credentials' own. */
  readonly project?: string;
  /** Another address of the API (`https://secretmanager.europe-west3.rep.googleapis.com`). */
  readonly endpoint?: string;
}

/**
 * Google Secret Manager, with the ambient credentials (workload identity, key file, metadata server). A key is `NAME`,
 * `projects/p/secrets/NAME` or `projects/p/secrets/NAME/versions/3`; without a version the latest.
 */
export function gcpProvider({ project, endpoint }: GcpOptions): SecretProvider {
  const open = once(async () => {
    const { SecretManagerServiceClient } = await optionalPackage(
      "secrets of Google Secret Manager",
      () => import("@google-cloud/secret-manager"),
    );
    // Plain HTTP and JSON: a third of the memory of gRPC, and it passes the proxies that a container has.
    return new SecretManagerServiceClient({ fallback: true, ...addressOf(endpoint) });
  });
  return {
    name: "gcp",
    find: async (key) => {
      const client = await open();
      try {
        const version = await versionName(key, async () => project ?? client.getProjectId());
        const [answer] = await client.accessSecretVersion({ name: version });
        const data = answer.payload?.data;
        if (data === undefined || data === null) return notHere("this version is empty");
        return here(typeof data === "string" ? data : Buffer.from(data).toString("utf8"));
      } catch (error) {
        if (isNotFound(error)) return notHere("Google Secret Manager has no such secret or version");
        throw error;
      }
    },
  };
}

async function versionName(key: string, project: () => Promise<string>): Promise<string> {
  const secret = key.startsWith("projects/") ? key : `projects/${await project()}/secrets/${key}`;
  return /\/versions\/[^/]+$/.test(secret) ? secret : `${secret}/versions/latest`;
}

function addressOf(endpoint: string | undefined): { apiEndpoint?: string; port?: number; protocol?: string } {
  if (endpoint === undefined) return {};
  const { hostname, port, protocol } = new URL(endpoint);
  const scheme = protocol.replace(":", "");
  return { apiEndpoint: hostname, port: Number(port || (scheme === "http" ? 80 : 443)), protocol: scheme };
}

/** 5 is gRPC's NOT_FOUND. */
function isNotFound(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === 5 || code === 404;
}
