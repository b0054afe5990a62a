import { FlowRunnerError } from "../../../errors/flow-runner-error.ts";
import type { HandlerTools } from "../../../flow/result-handler.ts";
import type { HandlerDescription } from "../../../state/index.ts";
import { type ObjectOptions, objectRules } from "../../options/object-options.ts";
import { address, checkOptions, given, required, text } from "../../options/option-rules.ts";
import type { AzureCredentials } from "../../stores/adapters/azure-store.ts";
import type { ObjectStore, StoreLimits } from "../../stores/object-store.ts";
import { ObjectResultHandler } from "./object-handler.ts";

/** @see AzureResultHandler */
export interface AzureOptions extends ObjectOptions {
  readonly container: string;
  /** The blob service; default `https://<account>.blob.core.windows.net`. Not with a connection string, which names it. */
  readonly endpoint?: string;
  /** The secret `{ "ACCOUNT_NAME", "ACCOUNT_KEY" or "SAS_TOKEN" }`; default `AZ_CREDENTIALS`. */
  readonly credentialsSecret?: string;
  /** A secret that holds a whole connection string; goes before `credentialsSecret`. */
  readonly connectionStringSecret?: string;
}

const defaultSecret = "AZ_CREDENTIALS";
const shape = "a JSON object with ACCOUNT_NAME and either ACCOUNT_KEY or SAS_TOKEN";

/**
 * Keeps results in a container of Azure Blob Storage; any structured-cloneable value, Buffers, streams and files of any
 * size (blocks).
 *
 * Credentials: `connectionStringSecret`, else the secret `AZ_CREDENTIALS`, else the variable
 * `AZURE_STORAGE_CONNECTION_STRING`. Prefect 0.7: `AzureResultHandler(container, azure_credentials_secret)`; 1.x:
 * `AzureResult(container, connection_string_secret)`.
 *
 * @throws `RESULT_OPTION_INVALID`
 *
 * @example
 * ```ts
 * new AzureResultHandler({ container: "weather" });
 * ```
 */
export class AzureResultHandler extends ObjectResultHandler {
  readonly #options: AzureOptions;

  constructor(options: AzureOptions) {
    checkOptions("AzureResultHandler", options, {
      container: required(text),
      endpoint: address,
      credentialsSecret: text,
      connectionStringSecret: text,
      ...objectRules,
    });
    super(options);
    this.#options = options;
  }

  protected describeOwn(): HandlerDescription {
    const { container, endpoint, credentialsSecret = defaultSecret, connectionStringSecret } = this.#options;
    const more = given({ endpoint, connection_string_secret: connectionStringSecret });
    return { type: "AzureResultHandler", container, azure_credentials_secret: credentialsSecret, ...more };
  }

  protected async defaultLocation(now: Date): Promise<string> {
    const { defaultKey } = await import("../../location/default-location.ts");
    return defaultKey(now);
  }

  protected async openStore(tools: HandlerTools, limits: StoreLimits): Promise<ObjectStore> {
    const { container, endpoint } = this.#options;
    const { openAzure } = await import("../../stores/adapters/azure-store.ts");
    return openAzure({ container, endpoint, ...(await this.#credentials(tools)) }, limits);
  }

  async #credentials(tools: HandlerTools): Promise<{ credentials: AzureCredentials; identity: string }> {
    const { connectionStringSecret, credentialsSecret: name = defaultSecret } = this.#options;
    const { credentialsSecret } = await import("../credentials.ts");
    if (connectionStringSecret !== undefined) {
      const value = await tools.secret(connectionStringSecret);
      return {
        credentials: { connectionString: connectionString(connectionStringSecret, value) },
        identity: `the secret "${connectionStringSecret}"`,
      };
    }
    const secret = await credentialsSecret(tools, name, defaultSecret);
    if (secret !== null) return { credentials: await account(name, secret.value), identity: `the secret "${name}"` };
    const variable = "AZURE_STORAGE_CONNECTION_STRING";
    const ambient = process.env[variable];
    if (ambient !== undefined && ambient !== "") {
      return { credentials: { connectionString: ambient }, identity: `the variable ${variable}` };
    }
    const problem = `it does not exist, ${variable} is not set either, and there is no other ambient identity for Azure`;
    throw new FlowRunnerError("RESULT_CREDENTIALS_INVALID", { secret: name, problem, shape });
  }
}

function connectionString(secret: string, value: unknown): string {
  if (typeof value === "string" && /AccountName=|BlobEndpoint=|UseDevelopmentStorage=/.test(value)) return value;
  const problem = "it is not a connection string";
  throw new FlowRunnerError("RESULT_CREDENTIALS_INVALID", {
    secret,
    problem,
    shape: "a text such as AccountName=…;AccountKey=…",
  });
}

async function account(secret: string, value: unknown): Promise<AzureCredentials> {
  const { credentialFields } = await import("../credentials.ts");
  const fields = credentialFields(secret, value, ["ACCOUNT_NAME"], ["ACCOUNT_KEY", "SAS_TOKEN"]);
  const accountName = fields.ACCOUNT_NAME;
  if (fields.ACCOUNT_KEY !== undefined) return { accountName, accountKey: fields.ACCOUNT_KEY };
  if (fields.SAS_TOKEN !== undefined) return { accountName, sasToken: fields.SAS_TOKEN };
  const problem = "it has neither ACCOUNT_KEY nor SAS_TOKEN";
  throw new FlowRunnerError("RESULT_CREDENTIALS_INVALID", { secret, problem, shape });
}
