import { optionalPackage } from "../../config/optional-package.ts";
import { once } from "../once.ts";
import { here, notHere, type SecretProvider } from "./provider.ts";

export interface AwsOptions {
  readonly region?: string;
  /** Default `AWS_ENDPOINT_URL_SECRETS_MANAGER`, else AWS. */
  readonly endpoint?: string;
}

/** AWS Secrets Manager, by a secret's name or ARN, with the ambient credentials (environment, profile, IRSA, instance). */
export function awsProvider({ region, endpoint }: AwsOptions): SecretProvider {
  const open = once(async () => {
    const { SecretsManagerClient } = await optionalPackage(
      "secrets of AWS Secrets Manager",
      () => import("@aws-sdk/client-secrets-manager"),
    );
    return new SecretsManagerClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
    });
  });
  return {
    name: "aws",
    find: async (key, signal) => {
      const client = await open();
      const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: key }), { abortSignal: signal });
        if (answer.SecretString !== undefined) return here(answer.SecretString);
        if (answer.SecretBinary !== undefined) return here(Buffer.from(answer.SecretBinary).toString("utf8"));
        return notHere("its current version is empty");
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") {
          return notHere("AWS Secrets Manager has no secret of this name here");
        }
        throw error;
      }
    },
  };
}
